#include "within/solution.hpp"

#include "base/contract.hpp"

namespace flowresil {

const char* method_name(Method method) {
  switch (method) {
    case Method::none: return "none";
    case Method::centred: return "centred";
    case Method::means: return "means";
    case Method::balanced: return "balanced";
    case Method::direct: return "direct";
    case Method::iterative: return "iterative";
  }
  throw ContractViolation("a method must have a name");
}

}  // namespace flowresil
