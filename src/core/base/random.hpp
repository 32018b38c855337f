// Random numbers by counter: a draw is a function of seed, replicate and item, whatever thread asks for it
// and in which order.
#pragma once

#include <array>
#include <cstdint>

namespace flowresil {

// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011): four words of 32 bits from a counter and a key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

// The numbers of one seed.
class CounterRandom {
 public:
  explicit CounterRandom(std::uint64_t seed) : seed_(seed) {}

  // In (0, 1), never an end: 53 bits.
  double uniform(std::uint64_t replicate, std::uint64_t item) const;
  // 0 .. n - 1, each as likely as the others up to n / 2^64.
  std::uint64_t below(std::uint64_t n, std::uint64_t replicate, std::uint64_t item) const;
  // Standard normal.
  double normal(std::uint64_t replicate, std::uint64_t item) const;

 private:
  std::array<std::uint64_t, 2> words(std::uint64_t replicate, std::uint64_t item) const;

  std::uint64_t seed_;
};

}  // namespace flowresil
