#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "flowresil_types.h"

#include "base/fingerprint.hpp"
#include "base/parallel.hpp"

namespace {

using flowresil::Fingerprint;

// Strings are read once each: R keeps one object for all that are equal, and columns of text repeat
// themselves.
class TextReader {
 public:
  std::uint64_t operator()(SEXP string) {
    const std::size_t slot = (reinterpret_cast<std::uintptr_t>(string) >> 4) & (size - 1);
    if (known_[slot] != string) {
      Fingerprint print;
      if (string == NA_STRING) {
        print.add_number(1);
      } else {
        print.add(CHAR(string), static_cast<std::size_t>(LENGTH(string)));
      }
      known_[slot] = string;
      value_[slot] = print.value();
    }
    return value_[slot];
  }

 private:
  static constexpr std::size_t size = 1024;
  std::vector<SEXP> known_ = std::vector<SEXP>(size, nullptr);
  std::vector<std::uint64_t> value_ = std::vector<std::uint64_t>(size);
};

const void* bytes_of(SEXP x) {
  switch (TYPEOF(x)) {
    case LGLSXP:
      return LOGICAL(x);
    case INTSXP:
      return INTEGER(x);
    case REALSXP:
      return REAL(x);
    case CPLXSXP:
      return COMPLEX(x);
    case RAWSXP:
      return RAW(x);
    default:
      return nullptr;
  }
}

std::size_t width_of(SEXP x) {
  switch (TYPEOF(x)) {
    case LGLSXP:
    case INTSXP:
      return sizeof(int);
    case REALSXP:
      return sizeof(double);
    case CPLXSXP:
      return 2 * sizeof(double);
    default:
      return 1;
  }
}

void add_text(SEXP x, const std::vector<double>& rows, TextReader& text, Fingerprint& print) {
  if (rows.empty()) {
    for (R_xlen_t i = 0; i < Rf_xlength(x); ++i)
      print.add_number(text(STRING_ELT(x, i)));
  }
  for (double row : rows)
    print.add_number(text(STRING_ELT(x, static_cast<R_xlen_t>(row) - 1)));
}

// By element: a pointer to its values would make R write out a compact sequence.
void add_rows(SEXP x, const std::vector<double>& rows, Fingerprint& print) {
  for (double row : rows) {
    const R_xlen_t i = static_cast<R_xlen_t>(row) - 1;
    if (TYPEOF(x) == REALSXP) {
      const double value = REAL_ELT(x, i);
      std::uint64_t bits = 0;
      std::memcpy(&bits, &value, sizeof bits);
      print.add_number(bits);
    } else if (TYPEOF(x) == INTSXP) {
      print.add_number(static_cast<std::uint64_t>(INTEGER_ELT(x, i)));
    } else if (TYPEOF(x) == LGLSXP) {
      print.add_number(static_cast<std::uint64_t>(LOGICAL_ELT(x, i)));
    } else if (TYPEOF(x) == CPLXSXP) {
      const Rcomplex value = COMPLEX_ELT(x, i);
      print.add(&value, sizeof value);
    } else if (TYPEOF(x) == RAWSXP) {
      print.add_number(RAW_ELT(x, i));
    }
  }
}

}  // namespace

// A number for each column, written in hexadecimal: of all its values, or of the given rows (1-based, all
// within n_rows). Columns of another length than n_rows count by that alone, and so do lists.
// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector cpp_fingerprint(const Rcpp::List& columns, double n_rows,
                                      const std::vector<double>& rows, int threads) {
  const R_xlen_t n_columns = columns.size();
  // Rows of which there are as many as the columns have are all of them: whole columns take less time.
  const std::vector<double> some = static_cast<double>(rows.size()) < n_rows ? rows : std::vector<double>();
  std::vector<Fingerprint> prints(static_cast<std::size_t>(n_columns));
  std::vector<const void*> bytes(static_cast<std::size_t>(n_columns), nullptr);
  std::vector<std::size_t> widths(static_cast<std::size_t>(n_columns), 0);
  TextReader text;
  for (R_xlen_t c = 0; c < n_columns; ++c) {
    const SEXP column = columns[c];
    Fingerprint& print = prints[static_cast<std::size_t>(c)];
    print.add_number(static_cast<std::uint64_t>(TYPEOF(column)));
    print.add_number(static_cast<std::uint64_t>(Rf_xlength(column)));
    const SEXP levels = Rf_getAttrib(column, R_LevelsSymbol);
    if (TYPEOF(levels) == STRSXP) add_text(levels, {}, text, print);
    if (static_cast<double>(Rf_xlength(column)) < n_rows || Rf_xlength(column) == 0) continue;
    if (TYPEOF(column) == STRSXP) add_text(column, some, text, print);
    if (!some.empty()) {
      add_rows(column, some, print);
      continue;
    }
    bytes[static_cast<std::size_t>(c)] = bytes_of(column);
    widths[static_cast<std::size_t>(c)] = width_of(column) * static_cast<std::size_t>(Rf_xlength(column));
  }
  flowresil::for_pieces(n_columns, some.empty() ? threads : 1, [&](Eigen::Index c) {
    const std::size_t j = static_cast<std::size_t>(c);
    if (bytes[j]) prints[j].add(bytes[j], widths[j]);
  });
  Rcpp::CharacterVector found(n_columns);
  for (R_xlen_t c = 0; c < n_columns; ++c) {
    char written[17];
    std::snprintf(written, sizeof written, "%016llx",
                  static_cast<unsigned long long>(prints[static_cast<std::size_t>(c)].value()));
    found[c] = written;
  }
  return found;
}
