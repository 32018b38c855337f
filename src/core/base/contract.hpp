// What every routine of the core promises to check: sizes, ranges, finiteness.
// R builds define NDEBUG, so Eigen's own assertions are off and these are the only guard.
#pragma once

#include <stdexcept>
#include <string>

namespace flowresil {

// A caller broke a routine's contract. R checks its input first, so that this reaching a user is our bug.
class ContractViolation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Throws ContractViolation with `promise` (what must hold) unless `holds`.
inline void require(bool holds, const char* promise) {
  if (!holds) throw ContractViolation(promise);
}

}  // namespace flowresil
