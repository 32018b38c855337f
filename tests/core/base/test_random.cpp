// Random numbers by counter: the generator's known answers, and what draws promise.
#include "base/random.hpp"

#include <cmath>

#include "check.hpp"

using flowresil::CounterRandom;
using flowresil::philox;

FLOWRESIL_TEST("philox gives the known answers of its authors (Random123 1.09, kat_vectors)") {
  using Four = std::array<std::uint32_t, 4>;
  expect(philox({0, 0, 0, 0}, {0, 0}) == Four{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U});
  constexpr std::uint32_t f = 0xffffffffU;
  expect(philox({f, f, f, f}, {f, f}) == Four{0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU});
  expect(philox({0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}, {0xa4093822U, 0x299f31d0U}) ==
         Four{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U});
}

FLOWRESIL_TEST("draws hang on seed, replicate and item alone, and have their moments") {
  const CounterRandom random(7), again(7), other(8);
  expect_near(random.uniform(3, 4), again.uniform(3, 4), 0);
  expect(std::abs(random.uniform(3, 4) - other.uniform(3, 4)) > 0);
  expect(std::abs(random.uniform(3, 4) - random.uniform(4, 3)) > 0);
  double sum = 0, square = 0, normal = 0, normal_square = 0, third = 0;
  int sixes[6] = {0, 0, 0, 0, 0, 0};
  const int n = 60000;
  for (int i = 0; i < n; ++i) {
    const std::uint64_t item = static_cast<std::uint64_t>(i);
    const double u = random.uniform(item % 300, item);
    expect(u > 0 && u < 1);
    sum += u;
    square += u * u;
    const double z = random.normal(1, item);
    normal += z;
    normal_square += z * z;
    third += z * z * z;
    ++sixes[random.below(6, 2, item)];
  }
  expect_near(sum / n, 0.5, 0.006);
  expect_near(square / n, 1.0 / 3, 0.006);
  expect_near(normal / n, 0, 0.02);
  expect_near(normal_square / n, 1, 0.03);
  expect_near(third / n, 0, 0.06);
  for (int count : sixes)
    expect_near(count, n / 6.0, 400);
}
