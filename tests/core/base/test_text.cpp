// Bytes of strings: what UTF-8 allows and what not, blanks.
#include <string>

#include "base/contract.hpp"
#include "base/text.hpp"
#include "check.hpp"

namespace {

bool utf8(const std::string& text) {
  return flowresil::is_utf8(text.data(), text.size());
}

bool blank(const std::string& text) {
  return flowresil::may_hold_blank(text.data(), text.size());
}

std::string seen(const std::string& text) {
  return flowresil::without_odd_blanks(text.data(), text.size());
}

}  // namespace

FLOWRESIL_TEST("the first and last characters of each length are UTF-8, what lies beyond is not") {
  for (const char* fine :
       {"", "plain", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "a\xE5\x8C\x97z"})
    expect(utf8(fine));
  for (const char* broken : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2z", "\xE0\x9F\xBF",
                             "\xE5\x8C", "\xE5\x8Cz", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                             "\xF5\x80\x80\x80", "\xF0\x90\x80", "\xFF", "\xB1\xB1\xBE\xA9"})
    expect(!utf8(broken));
}

FLOWRESIL_TEST("ASCII ends at 127") {
  expect(flowresil::is_ascii("\x7F\x01", 2));
  expect(!flowresil::is_ascii("a\x80", 2));
}

FLOWRESIL_TEST("every blank is seen, at the end too, and common characters are no blanks") {
  for (const char* with : {" a", "a\t", "\n", "a\xC2\xA0", "\xC2\x85", "\xE1\x9A\x80", "a\xE2\x80\x8B",
                           "\xE2\x81\xA0", "\xE5\x8C\x97\xE3\x80\x80", "\xEF\xBB\xBFz"})
    expect(blank(with));
  for (const char* without :
       {"", "plain_1", "\xE5\x8C\x97\xE4\xBA\xAC", "\xC2\xB5", "\xE3\x80\x82", "\xC3\xA0", "\xE3"})
    expect(!blank(without));
}

FLOWRESIL_TEST(
    "blanks at the ends go, others become one plain blank, none stays between Chinese characters") {
  const std::string north = "\xE5\x8C\x97";
  const std::string capital = "\xE4\xBA\xAC";
  const std::string wide = "\xE3\x80\x80";
  expect(seen(" a\t") == "a");
  expect(seen("a" + wide + "b") == "a b");
  expect(seen("a \xC2\xA0 b") == "a b");
  expect(seen(north + wide + capital) == north + capital);
  expect(seen(" " + north + " " + capital + "\xEF\xBB\xBF") == north + capital);
  expect(seen(north + " a") == north + " a");
  expect(seen("a " + north) == "a " + north);
  expect(seen(north + "  \xF0\xA0\x80\x80") == north + "\xF0\xA0\x80\x80");
  expect(seen("1 11") == "1 11");
  expect(seen(" ").empty());
  expect(seen("").empty());
  expect_throws<flowresil::ContractViolation>([] { seen("\xB1"); }, "UTF-8");
}
