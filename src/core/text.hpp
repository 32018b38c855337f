// What the bytes of a string say: is it ASCII, is it UTF-8, may it hold a blank?
#pragma once

#include <cstddef>

namespace flowresil {

// Only bytes 1 .. 127?
bool is_ascii(const char* bytes, std::size_t n);

// Well-formed UTF-8 (RFC 3629): no overlong form, no surrogate, nothing beyond U+10FFFF.
bool is_utf8(const char* bytes, std::size_t n);

// Is there a byte that a blank of UTF-8 begins with: a plain one, a control such as tab, a no-break or
// full-width space? True for a few characters that are none: it is for leaving out the many strings without
// any.
bool may_hold_blank(const char* bytes, std::size_t n);

}  // namespace flowresil
