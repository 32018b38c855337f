#include "base/fingerprint.hpp"

#include <cstring>

namespace flowresil {

namespace {

constexpr std::uint64_t odd = 0xbf58476d1ce4e5b9ULL;

std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * odd;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::uint64_t word_at(const unsigned char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

std::uint64_t step(std::uint64_t lane, std::uint64_t word) {
  lane = (lane ^ word) * odd;
  return lane ^ (lane >> 29);
}

}  // namespace

void Fingerprint::add(const void* bytes, std::size_t size) {
  const auto* at = static_cast<const unsigned char*>(bytes);
  std::size_t left = size;
  // Four lanes side by side: one alone would wait for its multiplication at every word.
  std::uint64_t lanes[4] = {state_, state_ + 1, state_ + 2, state_ + 3};
  for (; left >= 32; left -= 32, at += 32) {
    for (int l = 0; l < 4; ++l)
      lanes[l] = step(lanes[l], word_at(at + 8 * l));
  }
  for (; left >= 8; left -= 8, at += 8)
    lanes[0] = step(lanes[0], word_at(at));
  if (left > 0) {
    unsigned char last[8] = {};
    std::memcpy(last, at, left);
    lanes[1] = step(lanes[1], word_at(last));
  }
  add_number(size);
  for (const std::uint64_t lane : lanes)
    add_number(lane);
}

void Fingerprint::add_number(std::uint64_t number) {
  state_ = mixed(state_ ^ number) + 0x9e3779b97f4a7c15ULL;
}

std::uint64_t Fingerprint::value() const {
  return state_;
}

}  // namespace flowresil
