#include "base/text.hpp"

#include "base/contract.hpp"

namespace flowresil {

namespace {

unsigned byte_at(const char* bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

bool continues(const char* bytes, std::size_t n, std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
  return i < n && byte_at(bytes, i) >= low && byte_at(bytes, i) <= high;
}

// Length of the character that begins at byte i, 0 where none does.
std::size_t character_length(const char* bytes, std::size_t n, std::size_t i) {
  const unsigned lead = byte_at(bytes, i);
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return continues(bytes, n, i + 1) ? 2 : 0;
  if (lead < 0xF0) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;   // overlong forms
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;  // surrogates
    return continues(bytes, n, i + 1, low, high) && continues(bytes, n, i + 2) ? 3 : 0;
  }
  if (lead > 0xF4) return 0;
  const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;  // beyond U+10FFFF
  const bool whole =
      continues(bytes, n, i + 1, low, high) && continues(bytes, n, i + 2) && continues(bytes, n, i + 3);
  return whole ? 4 : 0;
}

// The code point of a well-formed character.
unsigned code_point(const char* bytes, std::size_t length) {
  unsigned point = byte_at(bytes, 0);
  if (length > 1) point &= 0xFFU >> (length + 1);
  for (std::size_t i = 1; i < length; ++i)
    point = (point << 6) | (byte_at(bytes, i) & 0x3FU);
  return point;
}

bool is_blank(unsigned point) {
  return point <= 0x20 || point == 0x85 || point == 0xA0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200D) || point == 0x2028 || point == 0x2029 || point == 0x202F ||
         point == 0x205F || point == 0x2060 || point == 0x3000 || point == 0xFEFF;
}

bool is_chinese(unsigned point) {
  return (point >= 0x2E80 && point <= 0x2FDF) || point == 0x3005 || point == 0x3007 ||
         (point >= 0x3400 && point <= 0x4DBF) || (point >= 0x4E00 && point <= 0x9FFF) ||
         (point >= 0xF900 && point <= 0xFAFF) || (point >= 0x20000 && point <= 0x3FFFF);
}

}  // namespace

bool is_ascii(const char* bytes, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    if (byte_at(bytes, i) > 0x7F) return false;
  }
  return true;
}

bool is_utf8(const char* bytes, std::size_t n) {
  std::size_t i = 0;
  while (i < n) {
    const std::size_t length = character_length(bytes, n, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

bool may_hold_blank(const char* bytes, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const unsigned byte = byte_at(bytes, i);
    if (byte <= 0x20) return true;
    if (byte < 0xC2 || i + 1 == n) continue;
    const unsigned next = byte_at(bytes, i + 1);
    if (byte == 0xC2 && (next == 0x85 || next == 0xA0)) return true;  // U+0085, U+00A0
    if (byte == 0xE1 && next == 0x9A) return true;                    // U+1680
    if (byte == 0xE2 && (next == 0x80 || next == 0x81)) return true;  // U+2000 .. U+2060
    if (byte == 0xE3 && next == 0x80 && continues(bytes, n, i + 2, 0x80, 0x80)) return true;  // U+3000
    if (byte == 0xEF && next == 0xBB) return true;                                            // U+FEFF
  }
  return false;
}

std::string without_odd_blanks(const char* bytes, std::size_t n) {
  std::string text;
  bool blank = false;    // since the last character that was written
  bool chinese = false;  // was it Chinese?
  std::size_t i = 0;
  while (i < n) {
    const std::size_t length = character_length(bytes, n, i);
    require(length > 0, "text must be UTF-8");
    const unsigned point = code_point(bytes + i, length);
    if (is_blank(point)) {
      blank = true;
    } else {
      if (blank && !text.empty() && !(chinese && is_chinese(point))) text += ' ';
      text.append(bytes + i, length);
      blank = false;
      chinese = is_chinese(point);
    }
    i += length;
  }
  return text;
}

}  // namespace flowresil
