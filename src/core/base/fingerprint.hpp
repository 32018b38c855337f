// A number that tells whether values are still those that they were.
#pragma once

#include <cstddef>
#include <cstdint>

namespace flowresil {

// Takes in bytes in order. Every step is one to one in what it takes in, so that a change of eight bytes that
// lie together always changes the value; other changes go unnoticed with odds of about 2^-64. Not against an
// adversary. Source: the multiply-and-shift mixing of splitmix64 (Steele, Lea and Flood 2014).
class Fingerprint {
 public:
  // `size` bytes; the same bytes in other portions give another value. O(size), four bytes a cycle and more.
  void add(const void* bytes, std::size_t size);
  // One number.
  void add_number(std::uint64_t number);
  std::uint64_t value() const;

 private:
  std::uint64_t state_ = 0x9e3779b97f4a7c15ULL;
};

}  // namespace flowresil
