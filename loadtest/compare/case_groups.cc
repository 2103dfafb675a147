#include "loadtest/compare/case_groups.h"

#include <algorithm>

namespace rcukv::loadtest {

std::vector<CaseGroup> GroupsOf(const LayerResult& layer) {
  std::vector<CaseGroup> groups;
  for (const CaseResult& result : layer.cases) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const CaseGroup& one) {
      return one.name == result.info.group;
    });
    if (group == groups.end()) {
      group = groups.insert(group, {.name = result.info.group, .cases = {}});
    }
    group->cases.push_back(&result);
  }
  return groups;
}

const std::string& LabelOf(const Case& info) {
  return info.label.empty() ? info.title : info.label;
}

}  // namespace rcukv::loadtest
