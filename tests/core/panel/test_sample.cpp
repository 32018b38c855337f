// What a sample promises.
#include "panel/shared.hpp"

using Eigen::Index;
using flowresil::Components;
using flowresil::connected_components;
using flowresil::ContractViolation;
using flowresil::Effect;
using flowresil::group_integers;
using flowresil::group_keys;
using flowresil::group_long_integers;
using flowresil::group_reals;
using flowresil::LevelValues;
using reference::Panel;
using namespace panel_tests;

FLOWRESIL_TEST("a sample is checked: rows, columns, codes, weights") {
  Panel panel = reference::balanced_panel(3, 2, 1);
  const auto refuses = [](const flowresil::Sample& sample, const char* words) {
    expect_throws<ContractViolation>([&] { flowresil::check_sample(sample); }, words);
  };
  flowresil::Sample sample = panel.sample();
  flowresil::check_sample(sample);
  sample.n_rows = 0;
  refuses(sample, "rows");
  sample = panel.sample();
  sample.columns[1] = nullptr;
  refuses(sample, "column");
  sample = panel.sample();
  sample.effects[0].codes = nullptr;
  refuses(sample, "codes and levels");
  sample = panel.sample();
  sample.effects[1].n_levels = 0;
  refuses(sample, "codes and levels");
  sample = panel.sample();
  sample.effects[0].n_levels = 2;
  refuses(sample, "0 .. levels - 1");
  panel.codes[1][3] = -1;
  refuses(panel.sample(), "0 .. levels - 1");
  panel.codes[1][3] = 1;
  for (const double bad : {0.0, -1.0, std::nan(""), infinity}) {
    panel.weights = Eigen::VectorXd::Ones(6);
    panel.weights[5] = bad;
    refuses(panel.sample(), "weights");
  }
}
