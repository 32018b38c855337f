#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/text.hpp"
#include "flowresil_types.h"

namespace {

// 1-based places of the strings that `holds` is true of; NA is left out.
template <class Holds>
Rcpp::IntegerVector places(const Rcpp::CharacterVector& x, const Holds& holds) {
  std::vector<int> found;
  for (R_xlen_t i = 0; i < x.size(); ++i) {
    const SEXP text = STRING_ELT(x, i);
    if (text == NA_STRING) continue;
    if (holds(text, CHAR(text), static_cast<std::size_t>(LENGTH(text))))
      found.push_back(static_cast<int>(i) + 1);
  }
  return Rcpp::wrap(found);
}

}  // namespace

// Places of the strings that are neither ASCII nor marked, and valid, UTF-8.
// [[Rcpp::export(rng = false)]]
Rcpp::IntegerVector cpp_not_utf8(const Rcpp::CharacterVector& x) {
  return places(x, [](SEXP text, const char* bytes, std::size_t n) {
    if (flowresil::is_ascii(bytes, n)) return false;
    return Rf_getCharCE(text) != CE_UTF8 || !flowresil::is_utf8(bytes, n);
  });
}

// Places of the strings (UTF-8) that may hold a blank.
// [[Rcpp::export(rng = false)]]
Rcpp::IntegerVector cpp_with_blanks(const Rcpp::CharacterVector& x) {
  return places(x,
                [](SEXP, const char* bytes, std::size_t n) { return flowresil::may_hold_blank(bytes, n); });
}

// The strings (UTF-8) without blanks that a reader does not see.
// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector cpp_without_odd_blanks(const Rcpp::CharacterVector& x) {
  Rcpp::CharacterVector out(x.size());
  for (R_xlen_t i = 0; i < x.size(); ++i) {
    const SEXP given = STRING_ELT(x, i);
    const std::string text =
        flowresil::without_odd_blanks(CHAR(given), static_cast<std::size_t>(LENGTH(given)));
    SET_STRING_ELT(out, i, Rf_mkCharLenCE(text.data(), static_cast<int>(text.size()), CE_UTF8));
  }
  return out;
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
