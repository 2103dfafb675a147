// The cases of a layer that share a chart.
#ifndef RCUKV_LOADTEST_COMPARE_CASE_GROUPS_H_
#define RCUKV_LOADTEST_COMPARE_CASE_GROUPS_H_

#include <string>
#include <vector>

#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

struct CaseGroup {
  // Case::group.
  std::string name;
  std::vector<const CaseResult*> cases;
};

// In the order in which they come; at least one case each. `layer` outlives them.
std::vector<CaseGroup> GroupsOf(const LayerResult& layer);

// What a case is called within its group.
const std::string& LabelOf(const Case& info);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_CASE_GROUPS_H_
