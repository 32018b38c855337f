#include "base/random.hpp"

#include <cmath>

namespace flowresil {

namespace {

constexpr double two_pi = 6.28318530717958647692;

// High and low half of a product of 32 bits.
std::array<std::uint32_t, 2> multiply(std::uint32_t a, std::uint32_t b) {
  const std::uint64_t product = static_cast<std::uint64_t>(a) * b;
  return {static_cast<std::uint32_t>(product >> 32U), static_cast<std::uint32_t>(product)};
}

// The middle of one of 2^53 equal parts of (0, 1).
double to_unit(std::uint64_t word) {
  return (static_cast<double>(word >> 11U) + 0.5) * 0x1p-53;
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::array<std::uint32_t, 2> first = multiply(0xD2511F53U, counter[0]);
    const std::array<std::uint32_t, 2> second = multiply(0xCD9E8D57U, counter[2]);
    counter = {second[0] ^ counter[1] ^ key[0], second[1], first[0] ^ counter[3] ^ key[1], first[1]};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return counter;
}

std::array<std::uint64_t, 2> CounterRandom::words(std::uint64_t replicate, std::uint64_t item) const {
  const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
  const auto high = [](std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32U); };
  const std::array<std::uint32_t, 4> four =
      philox({low(item), high(item), low(replicate), high(replicate)}, {low(seed_), high(seed_)});
  return {(static_cast<std::uint64_t>(four[1]) << 32U) | four[0],
          (static_cast<std::uint64_t>(four[3]) << 32U) | four[2]};
}

double CounterRandom::uniform(std::uint64_t replicate, std::uint64_t item) const {
  return to_unit(words(replicate, item)[0]);
}

std::uint64_t CounterRandom::below(std::uint64_t n, std::uint64_t replicate, std::uint64_t item) const {
  return words(replicate, item)[0] % n;
}

// Box and Muller.
double CounterRandom::normal(std::uint64_t replicate, std::uint64_t item) const {
  const std::array<std::uint64_t, 2> pair = words(replicate, item);
  return std::sqrt(-2 * std::log(to_unit(pair[0]))) * std::cos(two_pi * to_unit(pair[1]));
}

}  // namespace flowresil
