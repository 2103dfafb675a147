// Draws the charts of a page with Chart.js, from the JSON block in it. All that is said in
// words, and the tables, are in the page without it.
'use strict';
(() => {
  const charts = JSON.parse(document.getElementById('charts').textContent);

  const themes = {
    light: {
      text: '#1f2328',
      ground: '#ffffff',
      grid: '#dfe4e9',
      band: '#eceff2',
      lines: ['#0b5fa5', '#d55e00', '#1a9e77', '#b0569c', '#6e5a00', '#646464'],
    },
    dark: {
      text: '#e6edf3',
      ground: '#12161c',
      grid: '#2f3844',
      band: '#222a34',
      lines: ['#4aa8e8', '#e69f00', '#00a77a', '#e08ac0', '#f5ec7a', '#d0d0d0'],
    },
  };

  // ---- Charts

  const ofLines = chart => ({
    title: items => `${chart.x.title}: ${Axes.write(chart.x, items[0].parsed.x)}`,
    label: item => `${item.dataset.label}: ${Axes.write(chart.y, item.parsed.y)}`,
  });

  const ofBars = chart => ({
    title: items => Axes.write(chart.y, items[0].parsed.y),
    label: item => {
      const {x, low, high} = item.raw;
      const [value, from, to] = [x, low, high].map(
        number => (number === undefined ? '' : Axes.write(chart.x, number)));
      return `${item.dataset.label}: ${value}${from && ` (${from} to ${to})`}`;
    },
  });

  const tooltipOf = chart => ({callbacks: (Marks.isBars(chart) ? ofBars : ofLines)(chart)});

  const keyOf = theme => ({
    labels: {
      color: theme.text,
      usePointStyle: true,
      pointStyleWidth: 36,
      generateLabels: drawn => drawn.data.datasets.map((set, i) => ({
        text: set.label,
        datasetIndex: i,
        hidden: !drawn.isDatasetVisible(i),
        fontColor: theme.text,
        strokeStyle: set.borderColor,
        fillStyle: set.borderColor,
        lineWidth: 2,
        lineDash: set.borderDash,
        pointStyle: set.keyStyle,
      })),
    },
  });

  // Bars are as high, and their names, however many there are: the chart grows instead.
  // Empty: as the style has it.
  const heightOf = (chart, width) => {
    if (!Marks.isBars(chart)) return '';
    const bars = chart.stacked ? 22 : 10 * chart.lines.length;
    const rows = Axes.namesIn(chart.y, width).map(lines => Math.max(bars, 15 * lines.length) + 8);
    return `${110 + rows.reduce((sum, row) => sum + row, 0)}px`;
  };

  const draw = (chart, theme) => {
    const canvas = document.getElementById(chart.id);
    const frame = canvas.parentElement;
    const width = frame.clientWidth;
    frame.style.height = heightOf(chart, width);
    return new Chart(canvas, {
      type: Marks.isBars(chart) ? 'bar' : 'line',
      data: {datasets: Marks.datasetsOf(chart, theme)},
      options: {
        // What is printed must be there at once.
        animation: false,
        maintainAspectRatio: false,
        parsing: false,
        indexAxis: Marks.isBars(chart) ? 'y' : 'x',
        interaction: {mode: 'nearest', axis: Marks.isBars(chart) ? 'y' : 'x', intersect: false},
        scales: {
          x: Axes.optionsOf(chart, 'x', theme, width),
          y: Axes.optionsOf(chart, 'y', theme, width),
        },
        plugins: {legend: keyOf(theme), tooltip: tooltipOf(chart)},
      },
      plugins: [Marks.pluginOf(chart, theme)],
    });
  };

  // One that cannot be drawn does not stop the others.
  const tryToDraw = (chart, theme) => {
    try {
      return draw(chart, theme);
    } catch (error) {
      console.error(error);
      document.getElementById(chart.id)?.replaceWith('This chart could not be drawn.');
      return null;
    }
  };

  // ---- The page

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paper = matchMedia('print');
  let drawn = [];

  const drawAll = printing => {
    drawn.forEach(chart => chart.destroy());
    document.documentElement.classList.toggle('printing', printing);
    const theme = dark.matches && !printing ? themes.dark : themes.light;
    drawn = charts.map(chart => tryToDraw(chart, theme)).filter(chart => chart !== null);
  };

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  drawAll(paper.matches);
  dark.addEventListener('change', () => drawAll(paper.matches));
  paper.addEventListener('change', () => drawAll(paper.matches));
  addEventListener('beforeprint', () => drawAll(true));
  addEventListener('afterprint', () => drawAll(false));
})();
