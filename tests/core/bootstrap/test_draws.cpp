// Draws of a wild bootstrap: weights by counter, statistics by hand.
#include "bootstrap/draws.hpp"

#include <cmath>

#include <Eigen/LU>

#include "base/contract.hpp"
#include "check.hpp"
#include "reference.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::WildDrawing;
using flowresil::WildForm;
using flowresil::WildTerm;
using flowresil::WildWeights;

namespace {

// A form of q coefficients, G clusters and m directions.
WildForm form_of(Index q, Index G, Index m, double factor) {
  const auto waves = [](Index rows, Index columns, double step) {
    MatrixXd values(rows, columns);
    for (Index i = 0; i < rows; ++i) {
      for (Index c = 0; c < columns; ++c)
        values(i, c) = std::sin(step * static_cast<double>((i + 1) * (c + 3)) + static_cast<double>(i));
    }
    return values;
  };
  WildForm form;
  WildTerm term;
  term.factor = factor;
  for (int e = 0; e < (q == 1 ? 2 : 1); ++e) {
    form.numerator[e] = waves(q, G, 0.7 + e);
    form.scores[e] = waves(m, G, 0.3 + e);
    const MatrixXd own = waves(G, q, 0.9 + e);
    for (Index j = 0; j < q; ++j)
      term.own[e].push_back(MatrixXd(own.col(j).asDiagonal()).sparseView());
    term.fixed[e] = 0.1 * waves(G, q, 1.9 + e);
  }
  for (Index j = 0; j < q; ++j)
    term.through.push_back(0.2 * waves(G, m, 0.4 + static_cast<double>(j)));
  form.terms.push_back(term);
  return form;
}

MatrixXd weights_of(const WildDrawing& drawing, Index G) {
  MatrixXd v(G, drawing.replicates);
  flowresil::write_weights(drawing, 0, v);
  return v;
}

}  // namespace

FLOWRESIL_TEST("enumerated weights are all sign vectors, the first all plus") {
  const MatrixXd v = weights_of({WildWeights::rademacher, 8, true, 0}, 3);
  expect_near((v.col(0) - VectorXd::Ones(3)).norm(), 0, 0);
  expect_near((v.col(5) - reference::vector_of({-1, 1, -1})).norm(), 0, 0);
  expect_near((v * v.transpose() - 8 * MatrixXd::Identity(3, 3)).norm(), 0, 0);
}

FLOWRESIL_TEST("drawn weights hang on seed, replicate and cluster alone and have their moments") {
  for (WildWeights kind :
       {WildWeights::rademacher, WildWeights::webb, WildWeights::mammen, WildWeights::normal}) {
    const WildDrawing drawing{kind, 4000, false, 11};
    const MatrixXd v = weights_of(drawing, 70);
    MatrixXd later(70, 3);
    flowresil::write_weights(drawing, 1234, later);
    expect(later == v.middleCols(1234, 3));
    expect(weights_of({kind, 4000, false, 12}, 70) != v);
    MatrixXd fewer(40, 4000);
    flowresil::write_weights(drawing, 0, fewer);
    expect(fewer == v.topRows(40));
    expect_near(v.mean(), 0, 0.01);
    expect_near(v.array().square().mean(), 1, 0.02);
    expect_near(v.array().cube().mean(), kind == WildWeights::mammen ? 1 : 0, 0.03);
    expect_near((v.row(3).array() * v.row(40).array()).mean(), 0, 0.06);
  }
  expect_near(weights_of({WildWeights::webb, 100, false, 1}, 5).cwiseAbs().maxCoeff(), std::sqrt(1.5), 1e-15);
}

FLOWRESIL_TEST(
    "statistics are numerator over root of variance, with more directions than clusters and fewer") {
  for (Index m : {2, 9}) {
    const WildForm form = form_of(1, 6, m, 1.7);
    const WildDrawing drawing{WildWeights::normal, 600, false, 3};
    const MatrixXd v = weights_of(drawing, 6);
    const MatrixXd lines = flowresil::draw_lines(form, drawing, 1, {});
    const double distance = 0.6;
    const VectorXd found = flowresil::draw_statistics(form, distance, false, drawing, 2, {});
    for (Index c : {0, 5, 599}) {
      const MatrixXd scores = form.scores[0] + distance * form.scores[1];
      const WildTerm& term = form.terms[0];
      const MatrixXd own = MatrixXd(term.own[0][0]) + distance * MatrixXd(term.own[1][0]);
      const VectorXd r =
          own * v.col(c) - term.through[0] * (scores * v.col(c)) + term.fixed[0] + distance * term.fixed[1];
      const double n = ((form.numerator[0] + distance * form.numerator[1]) * v.col(c))(0, 0);
      expect_near(found[c], n / std::sqrt(1.7 * r.squaredNorm()), 1e-10);
      expect_near(flowresil::statistic_at(lines.col(c), distance), found[c], 1e-10);
    }
    expect(found == flowresil::draw_statistics(form, distance, false, drawing, 1, {}));
    const VectorXd joint = flowresil::draw_statistics(form, distance, true, drawing, 1, {});
    expect_near((joint - found.cwiseAbs2()).norm() / joint.norm(), 0, 1e-10);
  }
}

FLOWRESIL_TEST("a joint statistic is Wald over the number of coefficients") {
  const WildForm form = form_of(2, 6, 3, 0.8);
  const WildDrawing drawing{WildWeights::rademacher, 64, true, 0};
  const MatrixXd v = weights_of(drawing, 6);
  const VectorXd found = flowresil::draw_statistics(form, 0, true, drawing, 1, {});
  for (Index c : {0, 17, 63}) {
    MatrixXd r(6, 2);
    for (Index j = 0; j < 2; ++j) {
      r.col(j) = form.terms[0].own[0][static_cast<std::size_t>(j)] * v.col(c) -
                 form.terms[0].through[static_cast<std::size_t>(j)] * (form.scores[0] * v.col(c)) +
                 form.terms[0].fixed[0].col(j);
    }
    const VectorXd n = form.numerator[0] * v.col(c);
    const MatrixXd V = 0.8 * r.transpose() * r;
    expect_near(found[c], n.dot(V.inverse() * n) / 2, 1e-9);
  }
}

FLOWRESIL_TEST("without a variance there is no statistic, and draws can be stopped") {
  expect(std::isnan(flowresil::statistic_at(reference::vector_of({1, 0, -1, 0, 0}), 0)));
  expect(std::isnan(flowresil::statistic_at(reference::vector_of({0, 0, 0, 0, 0}), 0)));
  expect(std::isinf(flowresil::statistic_at(reference::vector_of({-2, 0, 0, 0, 0}), 0)));
  const WildForm form = form_of(1, 4, 2, 1);
  const WildDrawing drawing{WildWeights::webb, 10, false, 1};
  expect_throws<flowresil::Interruption>(
      [&] { flowresil::draw_lines(form, drawing, 1, [] { return true; }); }, "interrupted");
  expect_throws<flowresil::ContractViolation>(
      [&] { flowresil::draw_lines(form_of(2, 4, 2, 1), drawing, 1, {}); }, "one coefficient");
  expect_throws<flowresil::ContractViolation>([] { flowresil::wild_weights_named("coin"); }, "weights");
  expect(flowresil::wild_weights_named("webb") == WildWeights::webb);
}
