#include "loadtest/page/page.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_format.h"
#include "loadtest/page/assets.h"
#include "loadtest/page/markup.h"

namespace rcukv::loadtest {
namespace {

// `html` is markup already.
std::string Element(std::string_view tag, const std::string& html) {
  return absl::StrFormat("<%s>%s</%s>", tag, html, tag);
}

std::string TextElement(std::string_view tag, std::string_view text) {
  return Element(tag, Escaped(text));
}

std::string Policy() {
  return absl::StrFormat(
      "default-src 'none'; script-src '%s' '%s'; style-src '%s'; base-uri 'none'; "
      "form-action 'none'",
      ChartJs().hash, PageScript().hash, PageStyle().hash);
}

// The charset comes first: what stands before it may be read in another.
std::string Head(const Page& page) {
  return absl::StrFormat(
             "<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, "
             "initial-scale=1\">\n"
             "%s\n<style>%s</style>\n",
             Policy(), TextElement("title", page.title), PageStyle().text) +
         "</head>\n";
}

// A class for the eye, a word for everybody.
std::string Item(const Verdict& verdict) {
  switch (verdict.kind) {
    case Verdict::kNote:
      break;
    case Verdict::kWarning:
      return "<li class=\"warning\"><strong>Warning:</strong> " + Escaped(verdict.text) +
             "</li>\n";
    case Verdict::kFailure:
      return "<li class=\"failure\"><strong>Failed:</strong> " + Escaped(verdict.text) +
             "</li>\n";
  }
  return TextElement("li", verdict.text) + "\n";
}

std::string Verdicts(const std::vector<Verdict>& verdicts) {
  if (verdicts.empty()) return "";
  std::string items;
  for (const Verdict& verdict : verdicts) items += Item(verdict);
  return "<h2>What it found</h2>\n<ul class=\"verdicts\">\n" + items + "</ul>\n";
}

std::string Facts(const std::vector<Fact>& facts) {
  std::string html;
  for (const Fact& fact : facts) {
    html += TextElement("dt", fact.name) + TextElement("dd", fact.text) + "\n";
  }
  return facts.empty() ? "" : "<dl>\n" + html + "</dl>\n";
}

std::string WhatWasRun(const Page& page) {
  if (page.command.empty() && page.facts.empty()) return "";
  std::string html = "<h2>What was run</h2>\n";
  if (!page.command.empty()) {
    html += Element("pre", TextElement("code", page.command)) + "\n";
  }
  return html + Facts(page.facts);
}

// Across all columns.
std::string HeadingRow(const std::string& heading, size_t columns) {
  return Element("tr", absl::StrFormat("<th colspan=\"%d\" scope=\"rowgroup\">%s</th>",
                                       columns, Escaped(heading))) +
         "\n";
}

std::string Row(const std::vector<std::string>& cells, size_t columns) {
  if (cells.size() == 1 && columns > 1) return HeadingRow(cells[0], columns);
  std::string html;
  for (size_t i = 0; i < cells.size(); ++i) {
    html += i == 0 ? "<th scope=\"row\">" + Escaped(cells[i]) + "</th>"
                   : TextElement("td", cells[i]);
  }
  return Element("tr", html) + "\n";
}

std::string HeadRow(const std::vector<std::string>& columns) {
  std::string html;
  for (const std::string& column : columns) {
    html += "<th scope=\"col\">" + Escaped(column) + "</th>";
  }
  return Element("tr", html) + "\n";
}

// `label`: for those who cannot see where it stands. It scrolls by itself where it is
// wider than the screen, by keyboard as well.
std::string Render(const Table& table, const std::string& label) {
  std::string rows;
  for (const std::vector<std::string>& row : table.rows) {
    rows += Row(row, table.columns.size());
  }
  const std::string caption =
      table.caption.empty() ? "" : TextElement("caption", table.caption) + "\n";
  return absl::StrFormat(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n<table>\n"
      "%s<thead>%s</thead>\n<tbody>%s</tbody>\n</table>\n</div>\n",
      Escaped(label), caption, HeadRow(table.columns), rows);
}

std::string Render(const Chart& chart) {
  const std::string id = Escaped(chart.id);
  return absl::StrFormat(
      "<figure>\n<h3 id=\"%s-title\">%s</h3>\n"
      "<div class=\"canvas\"><canvas id=\"%s\" role=\"img\" "
      "aria-labelledby=\"%s-title\" aria-describedby=\"%s-text\"></canvas></div>\n"
      "<figcaption id=\"%s-text\">%s</figcaption>\n"
      "<details>\n<summary>The same as a table</summary>\n%s</details>\n</figure>\n",
      id, Escaped(chart.title), id, id, id, id, Escaped(chart.text),
      Render(chart.table, chart.title));
}

std::string Render(const Section& section) {
  std::string html;
  if (!section.text.empty()) html += TextElement("p", section.text) + "\n";
  for (const Table& table : section.tables) {
    html += Render(table, table.caption.empty() ? section.title : table.caption);
  }
  for (const Chart& chart : section.charts) html += Render(chart);
  return html.empty() ? "" : TextElement("h2", section.title) + "\n" + html;
}

std::string Sections(const std::vector<Section>& sections) {
  std::string html;
  for (const Section& section : sections) html += Render(section);
  return html;
}

std::vector<Chart> ChartsOf(const Page& page) {
  std::vector<Chart> charts;
  for (const Section& section : page.sections) {
    charts.insert(charts.end(), section.charts.begin(), section.charts.end());
  }
  return charts;
}

std::string NoScript(const std::vector<Chart>& charts) {
  if (charts.empty()) return "";
  return "<noscript><p>The charts are drawn by a script in this file, which is switched "
         "off; the tables below them are there all the same.</p></noscript>\n";
}

// What draws the charts, and from what.
std::string Scripts(const std::vector<Chart>& charts) {
  if (charts.empty()) return "";
  std::string html = "<script type=\"application/json\" id=\"charts\">" +
                     JsonForScript(ToJson(charts)) + "</script>\n";
  for (const std::string_view script : {ChartJs().text, PageScript().text}) {
    html += absl::StrFormat("<script>%s</script>\n", script);
  }
  return html;
}

}  // namespace

std::string RenderPage(const Page& page) {
  const std::vector<Chart> charts = ChartsOf(page);
  return "<!DOCTYPE html>\n<html lang=\"en\">\n" + Head(page) + "<body>\n<main>\n" +
         TextElement("h1", page.title) + "\n" + Verdicts(page.verdicts) +
         WhatWasRun(page) + NoScript(charts) + Sections(page.sections) + Scripts(charts) +
         "</main>\n</body>\n</html>\n";
}

std::string ChartJsVersion() {
  constexpr std::string_view kName = "Chart.js v";
  const std::string_view text = ChartJs().text;
  const size_t name = text.find(kName);
  if (name == text.npos) return "Chart.js";
  const size_t begin = name + kName.size();
  const size_t end = std::min(text.find_first_not_of("0123456789.", begin), text.size());
  return "Chart.js " + std::string(text.substr(begin, end - begin));
}

}  // namespace rcukv::loadtest
