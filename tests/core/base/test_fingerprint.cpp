// Fingerprints: every change of a value, a place or the length shows.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/fingerprint.hpp"
#include "check.hpp"

using flowresil::Fingerprint;

namespace {

std::uint64_t print_of(const std::vector<double>& values) {
  Fingerprint print;
  print.add(values.data(), values.size() * sizeof(double));
  return print.value();
}

}  // namespace

FLOWRESIL_TEST("one changed value, two that changed places, one more or one less: another fingerprint") {
  for (const std::size_t n : {1U, 2U, 3U, 4U, 5U, 31U, 64U, 100U}) {
    std::vector<double> values(n);
    for (std::size_t i = 0; i < n; ++i)
      values[i] = static_cast<double>(i % 7);
    std::set<std::uint64_t> seen = {print_of(values)};
    std::size_t tried = 1;
    for (std::size_t i = 0; i < n; ++i) {
      for (const double other : {-1.0, 0.5, 1e300}) {
        std::vector<double> changed = values;
        changed[i] = other;
        seen.insert(print_of(changed));
        ++tried;
      }
      if (i + 1 < n && values[i] < values[i + 1]) {
        std::vector<double> changed = values;
        std::swap(changed[i], changed[i + 1]);
        seen.insert(print_of(changed));
        ++tried;
      }
    }
    std::vector<double> longer = values;
    longer.push_back(0.0);
    seen.insert(print_of(longer));
    expect(seen.size() == tried + 1);
    expect(seen.count(print_of(values)) == 1);
  }
}

FLOWRESIL_TEST("bytes that do not fill eight count, and numbers count in order") {
  std::set<std::uint64_t> seen;
  for (const char* text : {"", "a", "b", "ab", "ba", "abcdefgh", "abcdefghi", "abcdefghj"}) {
    Fingerprint print;
    print.add(text, std::char_traits<char>::length(text));
    seen.insert(print.value());
  }
  expect(seen.size() == 8);
  Fingerprint one, other;
  one.add_number(1);
  one.add_number(2);
  other.add_number(2);
  other.add_number(1);
  expect(one.value() != other.value());
}
