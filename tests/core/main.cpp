// Runs every registered test, or those whose file or claim holds the argument. The last line is
// "N passed, N failed", also when a test brings the program down: then that test is named and counted.
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <string>

#include "check.hpp"

// The sanitizers end in abort(), so that on_signal below hears of it. Leaks are not looked for: OpenMP keeps
// its threads' memory until the end, and many containers forbid the search.
extern "C" const char* __asan_default_options() {
  return "abort_on_error=1:detect_leaks=0";
}
extern "C" const char* __ubsan_default_options() {
  return "abort_on_error=1:print_stacktrace=1";
}

namespace flowresil_test {

namespace {

int passed = 0;
int failed = 0;
bool running_failed = false;
const Test* running = nullptr;

void print_heading() {
  if (!running_failed) std::printf("FAILED %s: %s\n", running->file, running->claim);
  running_failed = true;
}

std::string source_line(const char* file, int line) {
  std::ifstream source(file);
  std::string text;
  for (int i = 0; i < line; ++i) {
    if (!std::getline(source, text)) return "";
  }
  const std::size_t start = text.find_first_not_of(" \t");
  return start == std::string::npos ? "" : text.substr(start);
}

// A sanitizer's finding, a failed assertion or a bad access. The program is lost, so a handler that is not
// strictly signal-safe costs nothing.
void on_signal(int) {
  if (running != nullptr) {
    std::printf("CRASHED %s: %s\n", running->file, running->claim);
    std::printf("%d passed, %d failed\n", passed, failed + 1);
    std::fflush(stdout);
  }
  std::_Exit(EXIT_FAILURE);
}

void run(const Test& test) {
  running = &test;
  running_failed = false;
  try {
    test.body();
  } catch (const std::exception& error) {
    print_heading();
    std::printf("  threw: %s\n", error.what());
  } catch (...) {
    print_heading();
    std::printf("  threw something that is no exception\n");
  }
  ++(running_failed ? failed : passed);
  running = nullptr;
}

}  // namespace

std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

void fail(const std::string& why, const char* file, int line) {
  print_heading();
  std::printf("  %s:%d: %s\n    %s\n", file, line, why.c_str(), source_line(file, line).c_str());
}

std::string text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.17g", value);
  return buffer;
}

bool near(double left, double right, double tolerance) {
  if (std::isinf(left) || std::isinf(right)) {
    return std::isinf(left) && std::isinf(right) && std::signbit(left) == std::signbit(right);
  }
  return std::abs(left - right) <= tolerance;
}

}  // namespace flowresil_test

int main(int argc, char** argv) {
  using namespace flowresil_test;
#if !defined(__SANITIZE_ADDRESS__)  // which shows more of these two than a handler of ours could
  std::signal(SIGSEGV, on_signal);
  std::signal(SIGFPE, on_signal);
#endif
  std::signal(SIGABRT, on_signal);

  const std::string filter = argc > 1 ? argv[1] : "";
  for (const Test& test : tests()) {
    const std::string name = std::string(test.file) + ": " + test.claim;
    if (name.find(filter) != std::string::npos) run(test);
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
