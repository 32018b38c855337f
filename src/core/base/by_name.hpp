// Values that have a name: how a word from outside becomes an enum.
#pragma once

#include <cstddef>
#include <string>

#include "base/contract.hpp"

namespace flowresil {

template <class Value>
struct Named {
  const char* name;
  Value value;
};

// The value of that name in the table. Throws ContractViolation with `promise` where there is none.
template <class Value, std::size_t n>
Value by_name(const Named<Value> (&table)[n], const std::string& name, const char* promise) {
  for (const Named<Value>& one : table) {
    if (name == one.name) return one.value;
  }
  throw ContractViolation(promise);
}

}  // namespace flowresil
