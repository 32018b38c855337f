// The whole test harness: a test names a claim and holds expectations; main.cpp runs them all.
//
//   FLOWRESIL_TEST("weights sum to one") {
//     expect_near(weights.sum(), 1.0, 1e-12);
//     expect_throws<flowresil::ContractViolation>([&] { entropy(empty); });
//   }
//
// A failed expectation is printed with its line; the test goes on and counts as failed once. Tolerances are
// absolute.
#pragma once

#include <Eigen/Core>
#include <exception>
#include <string>
#include <vector>

namespace flowresil_test {

struct Test {
  const char* claim;
  const char* file;
  void (*body)();
};

// A function, because the order in which files initialise their statics is not defined.
std::vector<Test>& tests();

struct Registration {
  Registration(const char* claim, const char* file, void (*body)()) {
    tests().push_back({claim, file, body});
  }
};

// Marks the running test as failed and prints why, with the source line.
void fail(const std::string& why, const char* file, int line);

std::string text(double value);
bool near(double left, double right, double tolerance);

}  // namespace flowresil_test

#define FLOWRESIL_TEST_JOIN_(a, b) a##b
#define FLOWRESIL_TEST_JOIN(a, b) FLOWRESIL_TEST_JOIN_(a, b)
#define FLOWRESIL_TEST(claim)                                                                     \
  static void FLOWRESIL_TEST_JOIN(test_at_line_, __LINE__)();                                     \
  static const flowresil_test::Registration FLOWRESIL_TEST_JOIN(registration_at_line_, __LINE__)( \
      claim, __FILE__, &FLOWRESIL_TEST_JOIN(test_at_line_, __LINE__));                            \
  static void FLOWRESIL_TEST_JOIN(test_at_line_, __LINE__)()

inline void expect(bool condition, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (!condition) flowresil_test::fail("is false", file, line);
}

// |left - right| <= tolerance; two equal infinities are near, a NaN is near nothing.
inline void expect_near(double left, double right, double tolerance, const char* file = __builtin_FILE(),
                        int line = __builtin_LINE()) {
  if (flowresil_test::near(left, right, tolerance)) return;
  flowresil_test::fail(flowresil_test::text(left) + " is not within " + flowresil_test::text(tolerance) +
                           " of " + flowresil_test::text(right),
                       file, line);
}

// The same for each element of two vectors or matrices of one shape; prints the first that differs.
template <class Left, class Right>
void expect_near(const Eigen::DenseBase<Left>& left, const Eigen::DenseBase<Right>& right, double tolerance,
                 const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  using flowresil_test::text;
  if (left.rows() != right.rows() || left.cols() != right.cols()) {
    flowresil_test::fail(std::to_string(left.rows()) + " x " + std::to_string(left.cols()) +
                             " is not the shape " + std::to_string(right.rows()) + " x " +
                             std::to_string(right.cols()),
                         file, line);
    return;
  }
  const typename Left::PlainObject a = left;
  const typename Right::PlainObject b = right;
  for (Eigen::Index j = 0; j < a.cols(); ++j) {
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
      if (flowresil_test::near(a(i, j), b(i, j), tolerance)) continue;
      flowresil_test::fail("element (" + std::to_string(i) + ", " + std::to_string(j) + "): " +
                               text(a(i, j)) + " is not within " + text(tolerance) + " of " + text(b(i, j)),
                           file, line);
      return;
    }
  }
}

// The call throws Exception, and its message holds the given words.
template <class Exception, class Call>
void expect_throws(Call&& call, const std::string& words = "", const char* file = __builtin_FILE(),
                   int line = __builtin_LINE()) {
  try {
    call();
  } catch (const Exception& error) {
    const std::string what = error.what();
    if (what.find(words) == std::string::npos) {
      flowresil_test::fail("threw \"" + what + "\", which does not say \"" + words + "\"", file, line);
    }
    return;
  } catch (const std::exception& error) {
    flowresil_test::fail(std::string("threw another exception: ") + error.what(), file, line);
    return;
  } catch (...) {
    flowresil_test::fail("threw something that is no exception", file, line);
    return;
  }
  flowresil_test::fail("threw nothing", file, line);
}
