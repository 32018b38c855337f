#include "flowresil_types.h"

#ifdef _OPENMP
#include <omp.h>
#endif

// list(code, values) of an integer vector, values increasing; NULL where one is NA.
// [[Rcpp::export(rng = false)]]
SEXP cpp_group_integer(const Rcpp::IntegerVector& x) {
  Rcpp::IntegerVector code(Rcpp::no_init(x.size()));
  const flowresil::Groups<int> groups =
      flowresil::group_integers(x.begin(), x.size(), NA_INTEGER, code.begin());
  if (!groups.complete) return R_NilValue;
  return Rcpp::List::create(Rcpp::Named("code") = code, Rcpp::Named("values") = groups.values);
}

// The same of a double vector; NULL where one is NA or NaN.
// [[Rcpp::export(rng = false)]]
SEXP cpp_group_real(const Rcpp::NumericVector& x) {
  Rcpp::IntegerVector code(Rcpp::no_init(x.size()));
  const flowresil::Groups<double> groups = flowresil::group_reals(x.begin(), x.size(), code.begin());
  if (!groups.complete) return R_NilValue;
  return Rcpp::List::create(Rcpp::Named("code") = code, Rcpp::Named("values") = groups.values);
}

// list(code, first) of text in one encoding, in order of first appearance; `first` is the 1-based row of
// each. R keeps equal strings once, so that their addresses are keys. NULL where one is NA.
// [[Rcpp::export(rng = false)]]
SEXP cpp_group_text(const Rcpp::CharacterVector& x) {
  static_assert(sizeof(SEXP) == sizeof(std::uint64_t), "an address must fill a key");
  Rcpp::IntegerVector code(Rcpp::no_init(x.size()));
  const flowresil::Groups<Eigen::Index> groups =
      flowresil::group_keys(reinterpret_cast<const std::uint64_t*>(STRING_PTR(x)), x.size(),
                            reinterpret_cast<std::uint64_t>(NA_STRING), code.begin());
  if (!groups.complete) return R_NilValue;
  const Eigen::Map<const Eigen::Matrix<Eigen::Index, Eigen::Dynamic, 1>> first(
      groups.values.data(), static_cast<Eigen::Index>(groups.values.size()));
  const Eigen::VectorXd one_based = first.cast<double>().array() + 1.0;
  return Rcpp::List::create(Rcpp::Named("code") = code, Rcpp::Named("first") = one_based);
}

// new_code[code]: in place, on codes that nobody else holds.
// [[Rcpp::export(rng = false)]]
Rcpp::IntegerVector cpp_recode(Rcpp::IntegerVector code, const std::vector<int>& new_code) {
  flowresil::recode(code.begin(), code.size(), new_code);
  return code;
}

// Does every level of `inner` lie in one level of `outer`?
// [[Rcpp::export(rng = false)]]
bool cpp_is_nested(const Rcpp::IntegerVector& inner, int n_inner, const Rcpp::IntegerVector& outer,
                   int n_outer) {
  flowresil::require(inner.size() == outer.size(), "codes must have the same length");
  return flowresil::is_nested(flowresil::effect_from(inner, n_inner), flowresil::effect_from(outer, n_outer),
                              inner.size());
}

// list(count, first, second): connected components of two effects and the component (0-based) of each level.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_components(const Rcpp::IntegerVector& first, int n_first, const Rcpp::IntegerVector& second,
                          int n_second) {
  flowresil::require(first.size() == second.size(), "codes must have the same length");
  const flowresil::Components components = flowresil::connected_components(
      flowresil::effect_from(first, n_first), flowresil::effect_from(second, n_second), first.size());
  return Rcpp::List::create(Rcpp::Named("count") = static_cast<double>(components.count),
                            Rcpp::Named("first") = components.first,
                            Rcpp::Named("second") = components.second);
}

// 1-based levels that stand in one row only.
// [[Rcpp::export(rng = false)]]
Rcpp::IntegerVector cpp_singletons(const Rcpp::IntegerVector& code, int n_levels) {
  std::vector<int> levels = flowresil::single_row_levels(flowresil::effect_from(code, n_levels), code.size());
  for (int& level : levels)
    ++level;
  return Rcpp::wrap(levels);
}

// Cores that this process may use.
// [[Rcpp::export(rng = false)]]
int cpp_processors() {
#ifdef _OPENMP
  return omp_get_num_procs();
#else
  return 1;
#endif
}

// The most threads that OMP_THREAD_LIMIT allows.
// [[Rcpp::export(rng = false)]]
int cpp_thread_ceiling() {
#ifdef _OPENMP
  return omp_get_thread_limit();
#else
  return 1;
#endif
}
