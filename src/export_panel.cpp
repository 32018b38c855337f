// Keys to codes, what codes say of each other, rows by unit and time, a first look at columns.
#include <cstring>
#include <limits>
#include <string>

#include "flowresil_types.h"
#include "panel/columns.hpp"
#include "panel/graph.hpp"
#include "panel/groups.hpp"
#include "panel/periods.hpp"

namespace {

constexpr std::int64_t missing_long = std::numeric_limits<std::int64_t>::min();

// bit64 keeps the bits of a 64-bit integer in those of a double.
std::vector<std::int64_t> long_integers(const Rcpp::NumericVector& x) {
  static_assert(sizeof(std::int64_t) == sizeof(double), "a double must hold an integer's bits");
  std::vector<std::int64_t> values(static_cast<std::size_t>(x.size()));
  if (!values.empty()) std::memcpy(values.data(), x.begin(), values.size() * sizeof(double));
  return values;
}

}  // namespace

// list(code, values) of an integer vector, values increasing; NULL where one is NA.
// [[Rcpp::export(rng = false)]]
SEXP cpp_group_integer(const Rcpp::IntegerVector& x) {
  Rcpp::IntegerVector code(Rcpp::no_init(x.size()));
  const flowresil::LevelValues<int> groups =
      flowresil::group_integers(x.begin(), x.size(), NA_INTEGER, code.begin());
  if (!groups.complete) return R_NilValue;
  return Rcpp::List::create(Rcpp::Named("code") = code, Rcpp::Named("values") = groups.values);
}

// The same of a double vector; NULL where one is NA or NaN.
// [[Rcpp::export(rng = false)]]
SEXP cpp_group_real(const Rcpp::NumericVector& x) {
  Rcpp::IntegerVector code(Rcpp::no_init(x.size()));
  const flowresil::LevelValues<double> groups = flowresil::group_reals(x.begin(), x.size(), code.begin());
  if (!groups.complete) return R_NilValue;
  return Rcpp::List::create(Rcpp::Named("code") = code, Rcpp::Named("values") = groups.values);
}

// list(code, first) of text in one encoding, in order of first appearance; `first` is the 1-based row of
// each. R keeps equal strings once, so that their addresses are keys. NULL where one is NA.
// [[Rcpp::export(rng = false)]]
SEXP cpp_group_text(const Rcpp::CharacterVector& x) {
  static_assert(sizeof(SEXP) == sizeof(std::uint64_t), "an address must fill a key");
  Rcpp::IntegerVector code(Rcpp::no_init(x.size()));
  const flowresil::LevelValues<Eigen::Index> groups =
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

// list(code, values) of the bits of integer64 values, increasing; NULL where one is missing.
// [[Rcpp::export(rng = false)]]
SEXP cpp_group_integer64(const Rcpp::NumericVector& x) {
  const std::vector<std::int64_t> keys = long_integers(x);
  Rcpp::IntegerVector code(Rcpp::no_init(x.size()));
  const flowresil::LevelValues<std::int64_t> groups =
      flowresil::group_long_integers(keys.data(), x.size(), missing_long, code.begin());
  if (!groups.complete) return R_NilValue;
  Rcpp::NumericVector values(Rcpp::no_init(static_cast<R_xlen_t>(groups.values.size())));
  if (!groups.values.empty())
    std::memcpy(values.begin(), groups.values.data(), groups.values.size() * sizeof(double));
  return Rcpp::List::create(Rcpp::Named("code") = code, Rcpp::Named("values") = values);
}

// All digits of integer64 values; NA where one is missing.
// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector cpp_integer64_digits(const Rcpp::NumericVector& x) {
  Rcpp::CharacterVector digits(x.size());
  R_xlen_t i = 0;
  for (std::int64_t value : long_integers(x)) {
    digits[i++] = value == missing_long ? Rcpp::String(NA_STRING) : Rcpp::String(std::to_string(value));
  }
  return digits;
}

// integer64 values as the nearest doubles; NA where one is missing.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_integer64_doubles(const Rcpp::NumericVector& x) {
  Rcpp::NumericVector doubles(Rcpp::no_init(x.size()));
  R_xlen_t i = 0;
  for (std::int64_t value : long_integers(x))
    doubles[i++] = value == missing_long ? NA_REAL : static_cast<double>(value);
  return doubles;
}

// list(code, first, second) of pairs of 0-based codes, in order of the first, then the second; `first` and
// `second` are the 1-based levels of each pair.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_group_pairs(const Rcpp::IntegerVector& a, const Rcpp::IntegerVector& b, int n_second) {
  flowresil::require(a.size() == b.size(), "codes must have the same length");
  Rcpp::IntegerVector code(Rcpp::no_init(a.size()));
  const flowresil::LevelValues<std::pair<int, int>> groups =
      flowresil::group_pairs(a.begin(), b.begin(), n_second, a.size(), code.begin());
  const R_xlen_t n_levels = static_cast<R_xlen_t>(groups.values.size());
  Rcpp::IntegerVector first(Rcpp::no_init(n_levels));
  Rcpp::IntegerVector second(Rcpp::no_init(n_levels));
  R_xlen_t level = 0;
  for (const std::pair<int, int>& pair : groups.values) {
    first[level] = pair.first + 1;
    second[level++] = pair.second + 1;
  }
  return Rcpp::List::create(Rcpp::Named("code") = code, Rcpp::Named("first") = first,
                            Rcpp::Named("second") = second);
}

// Does a pair of codes (from 0) stand in two rows?
// [[Rcpp::export(rng = false)]]
bool cpp_pairs_repeat(const Rcpp::IntegerVector& a, int n_first, const Rcpp::IntegerVector& b, int n_second) {
  flowresil::require(a.size() == b.size(), "codes must have the same length");
  return flowresil::pairs_repeat(flowresil::effect_from(a, n_first), flowresil::effect_from(b, n_second),
                                 a.size());
}

// The row (1-based, NA where there is none) of the same unit `k` units of time before; `order` holds the rows
// (1-based) whose place is known by unit, then time.
// [[Rcpp::export(rng = false)]]
Rcpp::IntegerVector cpp_match_periods(const Rcpp::IntegerVector& code, const Rcpp::NumericVector& time,
                                      const Rcpp::IntegerVector& order, double k) {
  flowresil::require(code.size() == time.size(), "there must be a unit and a time for each row");
  std::vector<int> rows(order.begin(), order.end());
  for (int& row : rows)
    --row;
  Rcpp::IntegerVector found = Rcpp::wrap(
      flowresil::match_periods(code.begin(), time.begin(), static_cast<std::size_t>(code.size()), rows, k));
  for (int& row : found)
    row = row < 0 ? NA_INTEGER : row + 1;
  return found;
}

// list(means, n_not_a_number, n_infinite), by column.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_summarise_columns(const flowresil::Sample& sample, int threads) {
  const flowresil::ColumnSummary summary = flowresil::summarise_columns(sample, threads);
  return Rcpp::List::create(
      Rcpp::Named("means") = summary.means,
      Rcpp::Named("n_not_a_number") =
          std::vector<double>(summary.n_not_a_number.begin(), summary.n_not_a_number.end()),
      Rcpp::Named("n_infinite") = std::vector<double>(summary.n_infinite.begin(), summary.n_infinite.end()));
}

// Total rank of the effects' dummies (three effects or more).
// [[Rcpp::export(rng = false)]]
double cpp_dummy_rank(const flowresil::Sample& sample) {
  return flowresil::dummy_rank(sample);
}
