// What the bytes of a string say: is it ASCII, is it UTF-8, may it hold a blank?
#pragma once

#include <cstddef>
#include <string>

namespace flowresil {

// Only bytes 1 .. 127?
bool is_ascii(const char* bytes, std::size_t n);

// Well-formed UTF-8 (RFC 3629): no overlong form, no surrogate, nothing beyond U+10FFFF.
bool is_utf8(const char* bytes, std::size_t n);

// Is there a byte that a blank of UTF-8 begins with: a plain one, a control such as tab, a no-break or
// full-width space? True for a few characters that are none: it is for leaving out the many strings without
// any.
bool may_hold_blank(const char* bytes, std::size_t n);

// The string (UTF-8) as a reader sees it: no blanks at its ends, one plain blank for any others that follow
// each other, none between Chinese characters, which tables set apart to fill a line. Blanks are those of
// Unicode, with or without width.
std::string without_odd_blanks(const char* bytes, std::size_t n);

}  // namespace flowresil
