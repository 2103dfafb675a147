// A report as one HTML file that needs neither a network nor another file.
//
//   Page page = {.title = "workload b on 127.0.0.1:7700"};
//   page.verdicts = {{Verdict::kNote, "No answer was wrong."}};
//   page.sections = {{.title = "Charts", .charts = {Throughput(result)}}};
//   const std::string html = RenderPage(page);
//
// Whatever is in a string, "</script>" included, is text: it is shown, never run
// (markup.h). Beyond that the page itself forbids every request, and every script and
// style but its own, which it knows by their hashes (Content-Security-Policy).
//
// It reads well on a phone, in print, in light and dark, and to those who do not see its
// colours or its charts: a chart has its figures in a table that can be opened below it.
//
// Thread safety: any thread.
#ifndef RCUKV_LOADTEST_PAGE_PAGE_H_
#define RCUKV_LOADTEST_PAGE_PAGE_H_

#include <string>
#include <vector>

#include "loadtest/base/table.h"
#include "loadtest/page/chart.h"

namespace rcukv::loadtest {

// A sentence or two on what the figures say.
struct Verdict {
  enum Kind {
    kNote,
    // The figures are not what they seem, or not what was asked for.
    kWarning,
    // Something went wrong.
    kFailure,
  };

  Kind kind = kNote;
  std::string text;
};

struct Fact {
  std::string name;
  std::string text;
};

// A part of a page. One that holds nothing is left out.
struct Section {
  std::string title;
  // A sentence or two.
  std::string text = "";
  std::vector<Table> tables = {};
  std::vector<Chart> charts = {};
};

struct Page {
  std::string title;
  // In the order in which they are read: the worst first.
  std::vector<Verdict> verdicts = {};
  // As it was typed, in shell quotes where it needs them (shell_command.h).
  std::string command = "";
  // What was run, where, with which versions.
  std::vector<Fact> facts = {};
  std::vector<Section> sections = {};
};

std::string RenderPage(const Page& page);

// "Chart.js 3.9.1", which is in the page.
std::string ChartJsVersion();

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PAGE_PAGE_H_
