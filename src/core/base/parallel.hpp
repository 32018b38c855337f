// Loops over a fixed number of independent pieces. The pieces do not depend on the number of threads,
// so neither does any bit of the result, as long as their results are added in order afterwards.
#pragma once

#include <algorithm>
#include <exception>
#include <mutex>

#include <Eigen/Core>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/blocks.hpp"

namespace flowresil {

// Calls piece(i) for i = 0 .. n_pieces - 1 on up to `threads` threads. The first exception thrown by a
// piece is thrown again here once all pieces have ended: none may leave an OpenMP region.
template <class Piece>
void for_pieces(Eigen::Index n_pieces, int threads, const Piece& piece) {
  if (threads <= 1 || n_pieces <= 1) {
    for (Eigen::Index i = 0; i < n_pieces; ++i)
      piece(i);
    return;
  }
  std::exception_ptr failure;
  std::mutex guard;
#ifdef _OPENMP
  const int n_threads = static_cast<int>(std::min<Eigen::Index>(threads, n_pieces));
#pragma omp parallel for schedule(dynamic, 1) num_threads(n_threads)
#endif
  for (Eigen::Index i = 0; i < n_pieces; ++i) {
    try {
      piece(i);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(guard);
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

// Threads for a table of `cells` numbers.
inline int threads_for_cells(Eigen::Index cells, int threads) {
  return cells < threaded_cells ? 1 : threads;
}

// Is this the thread that entered the core? Only that one may ask whether the user interrupts.
inline bool on_main_thread() {
#ifdef _OPENMP
  return omp_get_thread_num() == 0;
#else
  return true;
#endif
}

// How many pieces of `size` cover `n`.
inline Eigen::Index count_pieces(Eigen::Index n, Eigen::Index size) {
  return (n + size - 1) / size;
}

}  // namespace flowresil
