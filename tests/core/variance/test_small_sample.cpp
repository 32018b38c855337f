// Small-sample corrections.
#include "variance/shared.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::Correction;
using flowresil::Effect;
using flowresil::SampleCounts;
using flowresil::ScoreColumns;
using flowresil::small_sample;
using flowresil::SmallSample;
using flowresil::Variance;
using flowresil::WithinSolution;
using reference::Panel;
using namespace variance_tests;

FLOWRESIL_TEST("parameters and factors of every variance and correction, by hand") {
  struct Row {
    Correction correction;
    double parameters, iid, hc1, cluster;
  };
  const Row rows[] = {
      {Correction::fixest, 17, 1.0 / 83, 100.0 / 83, 10.0 / 9 * 99 / 92},   // K 3 + 15 - 1; Kc 17 - 9
      {Correction::reghdfe, 16, 1.0 / 84, 100.0 / 84, 10.0 / 9 * 99 / 93},  // K 3 + 15 - 2; Kc 16 - 9
      {Correction::dummies, 16, 1.0 / 84, 100.0 / 84, 10.0 / 9 * 99 / 84},
      {Correction::plm, 17, 1.0 / 83, 100.0 / 97, 10.0 / 9 * 99 / 97},
      {Correction::none, 17, 1.0 / 100, 1, 1},
  };
  for (const Row& row : rows) {
    const SampleCounts counts = counts_by_hand();
    const SmallSample iid = small_sample(Variance::iid, row.correction, counts);
    expect_near(iid.factor, row.iid, 1e-16);
    expect_near(iid.n_parameters, row.parameters, 0);
    expect_near(iid.degrees_of_freedom, 100 - row.parameters, 0);
    const SmallSample hc0 = small_sample(Variance::hc0, row.correction, counts);
    expect_near(hc0.factor, 1, 0);
    expect_near(hc0.degrees_of_freedom, 100 - row.parameters, 0);
    const SmallSample hc1 = small_sample(Variance::hc1, row.correction, counts);
    expect_near(hc1.factor, row.hc1, 1e-15);
    expect_near(hc1.degrees_of_freedom, 100 - row.parameters, 0);
    const SmallSample cluster = small_sample(Variance::cluster, row.correction, counts);
    expect_near(cluster.factor, row.cluster, 1e-15);
    expect_near(cluster.n_parameters, row.parameters, 0);
    expect_near(cluster.degrees_of_freedom, 9, 0);
  }
}

FLOWRESIL_TEST("both effects, or none, inside the cluster") {
  SampleCounts counts = counts_by_hand();
  counts.nested = {true, true};  // Kc 17 - 9 - 4
  expect_near(small_sample(Variance::cluster, Correction::fixest, counts).factor, 10.0 / 9 * 99 / 96, 1e-15);
  counts.nested = {false, true};
  expect_near(small_sample(Variance::cluster, Correction::reghdfe, counts).factor, 10.0 / 9 * 99 / 88, 1e-15);
  counts.nested = {false, false};
  expect_near(small_sample(Variance::cluster, Correction::fixest, counts).factor, 10.0 / 9 * 99 / 83, 1e-15);
}

FLOWRESIL_TEST("one effect, three effects, and none with or without a constant") {
  SampleCounts counts = counts_by_hand();
  counts.n_levels = {10};
  counts.nested = {false};
  counts.n_redundant = 0;
  for (const Correction correction : {Correction::fixest, Correction::reghdfe, Correction::dummies}) {
    expect_near(small_sample(Variance::iid, correction, counts).n_parameters, 13, 0);
  }
  counts.n_levels = {10, 5, 4};
  counts.nested = {false, false, false};
  counts.n_redundant = 5;
  expect_near(small_sample(Variance::iid, Correction::fixest, counts).n_parameters, 3 + 19 - 2, 0);
  expect_near(small_sample(Variance::iid, Correction::dummies, counts).n_parameters, 3 + 19 - 5, 0);
  counts.n_levels.clear();
  counts.nested.clear();
  counts.n_redundant = 0;
  for (const Correction correction :
       {Correction::fixest, Correction::reghdfe, Correction::dummies, Correction::plm, Correction::none}) {
    counts.constant = true;
    expect_near(small_sample(Variance::iid, correction, counts).n_parameters, 4, 0);
    counts.constant = false;
    expect_near(small_sample(Variance::iid, correction, counts).n_parameters, 3, 0);
  }
}

FLOWRESIL_TEST("variances and corrections by name, and no other") {
  expect(flowresil::variance_named("iid") == Variance::iid);
  expect(flowresil::variance_named("HC0") == Variance::hc0);
  expect(flowresil::variance_named("HC1") == Variance::hc1);
  expect(flowresil::variance_named("cluster") == Variance::cluster);
  expect_throws<ContractViolation>([] { flowresil::variance_named("HC2"); }, "variance");
  expect(flowresil::correction_named("fixest") == Correction::fixest);
  expect(flowresil::correction_named("reghdfe") == Correction::reghdfe);
  expect(flowresil::correction_named("dummies") == Correction::dummies);
  expect(flowresil::correction_named("plm") == Correction::plm);
  expect(flowresil::correction_named("none") == Correction::none);
  expect_throws<ContractViolation>([] { flowresil::correction_named("stata"); }, "correction");
}
