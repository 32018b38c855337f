// How a user stops a long computation.
#pragma once

#include <exception>
#include <functional>

namespace flowresil {

// Returns true when the user wants to stop. Called on the main thread only.
using Interrupted = std::function<bool()>;

// Thrown when the user interrupts.
class Interruption : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted by the user"; }
};

}  // namespace flowresil
