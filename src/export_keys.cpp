// Keys of 64 bits, pairs of codes, and rows by unit and time.
#include <cstring>
#include <limits>
#include <string>

#include "core/periods.hpp"
#include "flowresil_types.h"

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

// list(code, values) of the bits of integer64 values, increasing; NULL where one is missing.
// [[Rcpp::export(rng = false)]]
SEXP cpp_group_integer64(const Rcpp::NumericVector& x) {
  const std::vector<std::int64_t> keys = long_integers(x);
  Rcpp::IntegerVector code(Rcpp::no_init(x.size()));
  const flowresil::Groups<std::int64_t> groups =
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
  const flowresil::Groups<std::pair<int, int>> groups =
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
