// Draws the charts of a page (chart.h) with Chart.js, from the JSON block in it. All that
// is said in words, and the tables, are in the page without it.
'use strict';
(() => {
  const charts = JSON.parse(document.getElementById('charts').textContent);

  // Lines are told apart by colour-blind people as well, and by their dashes in grey.
  const themes = {
    light: {
      text: '#1f2328',
      grid: '#dfe4e9',
      band: '#eceff2',
      lines: ['#0b5fa5', '#d55e00', '#1a9e77', '#b0569c', '#6e5a00', '#2b2b2b', '#a01c1c',
        '#5b4bd0'],
    },
    dark: {
      text: '#e6edf3',
      grid: '#2f3844',
      band: '#222a34',
      lines: ['#4aa8e8', '#e69f00', '#00a77a', '#e08ac0', '#f5ec7a', '#d0d0d0', '#ff8f8f',
        '#b9b0ff'],
    },
  };
  const dashes = [[], [9, 4], [2, 3], [9, 3, 2, 3], [14, 4], [4, 4], [9, 3, 2, 3, 2, 3],
    [1, 3]];
  // A chart with lines of more points than these has no dots on them.
  const mostDots = 40;

  // ---- Words

  // Three significant digits, in the largest of `units` ([size, name]) that fits.
  const inUnits = (value, units) => {
    const [size, name] = units.find(([size]) => Math.abs(value) >= size) || units.at(-1);
    return Number((value / size).toPrecision(3)) + name;
  };
  const amount = value => inUnits(value, [[1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, '']]);
  const duration = nanoseconds =>
    inUnits(nanoseconds, [[1e9, ' s'], [1e6, ' ms'], [1e3, ' us'], [1, ' ns']]);
  // "99.9 %" of 1000: as many digits as there are nines.
  const percentile = x => {
    const decimals = Math.max(0, Math.ceil(Math.log10(x) - 1e-9) - 2);
    return (100 - 100 / x).toFixed(decimals) + ' %';
  };

  // ---- Axes

  // 1, 2 and 5 of each decade, from the last that is at most `low` to the first that is
  // above `high`.
  const logarithmicSteps = (low, high) => {
    const steps = [];
    for (let decade = Math.floor(Math.log10(low)); ; ++decade) {
      for (const digit of [1, 2, 5]) {
        const step = digit * 10 ** decade;
        if (step <= low) steps.length = 0;
        steps.push(step);
        if (step > high) return steps;
      }
    }
  };

  // `isTight`: it ends with the last value rather than at a round one.
  const linear = (format, isTight) => values => ({
    type: 'linear',
    min: 0,
    max: isTight ? Math.max(...values) : undefined,
    ticks: {callback: value => format(value), includeBounds: false},
  });

  // It begins and ends at a step. Over many decades, or always, only those that are powers
  // of ten have a tick.
  const logarithmic = (format, mostDecades) => values => {
    const positive = values.filter(value => value > 0);
    const low = positive.length > 0 ? Math.min(...positive) : 1;
    const steps = logarithmicSteps(low, Math.max(low, ...positive));
    const min = steps[0];
    const max = steps.at(-1);
    const isTick = step => max / min < 10 ** mostDecades || String(step)[0] === '1';
    const ticks = steps.filter(isTick).map(value => ({value}));
    return {
      type: 'logarithmic',
      min,
      max,
      afterBuildTicks: axis => { axis.ticks = ticks; },
      ticks: {callback: value => format(value)},
    };
  };

  // By the kind of an axis: of its values, the options of Chart.js; and how it writes one.
  const kinds = {
    time: {format: seconds => `${Number(seconds.toFixed(3))} s`},
    rate: {format: amount},
    latency: {format: duration},
    nines: {format: percentile},
  };
  kinds.time.options = linear(kinds.time.format, true);
  kinds.rate.options = linear(kinds.rate.format, false);
  kinds.latency.options = logarithmic(duration, 2.5);
  kinds.nines.options = logarithmic(percentile, 0);

  const axisOf = (chart, name, theme) => {
    const {kind, title, within} = chart[name];
    const index = name === 'x' ? 0 : 1;
    const values = chart.lines.flatMap(line => line.points.map(point => point[index]))
      .filter(value => value !== null).concat(within);
    const options = kinds[kind].options(values);
    return {
      ...options,
      title: {display: true, text: title, color: theme.text},
      grid: {color: theme.grid, borderColor: theme.text},
      ticks: {...options.ticks, color: theme.text, maxRotation: 0},
    };
  };

  // ---- Lines

  const marks = {diamonds: 'rectRot', crosses: 'crossRot'};

  // Of a point that would not be seen without one: there is no other beside it.
  const isGap = point => point === undefined || point.y === null;
  const isAlone = (points, i) => isGap(points[i - 1]) && isGap(points[i + 1]);

  const datasetOf = (line, index, hasDots, theme) => {
    const colour = theme.lines[index % theme.lines.length];
    const data = line.points.map(([x, y]) => ({x, y}));
    const isLine = line.look === 'line';
    const dot = i => (hasDots || isAlone(data, i) ? 2 : 0);
    return {
      label: line.name,
      data,
      showLine: isLine,
      // The last on top: dashes over what is not dashed, of which some is seen between them.
      order: -index,
      borderColor: colour,
      backgroundColor: colour,
      borderDash: isLine ? dashes[index % dashes.length] : [],
      borderWidth: 2,
      pointBorderWidth: isLine ? 1 : 2.5,
      pointRadius: isLine ? context => dot(context.dataIndex) : 7,
      pointStyle: isLine ? 'circle' : marks[line.look],
    };
  };

  // Behind the lines; the name is written where there is room for it.
  const drawBand = (chart, band, theme) => {
    const {ctx, chartArea: area, scales} = chart;
    const from = Math.max(area.left, scales.x.getPixelForValue(band.from));
    const to = Math.min(area.right, scales.x.getPixelForValue(band.to));
    ctx.fillStyle = theme.band;
    ctx.fillRect(from, area.top, to - from, area.height);
    if (ctx.measureText(band.name).width + 4 > to - from) return;
    ctx.fillStyle = theme.text;
    ctx.textBaseline = 'top';
    ctx.fillText(band.name, from + 2, area.top + 4);
  };

  const bandsOf = (bands, theme) => ({
    id: 'bands',
    beforeDraw: chart => {
      chart.ctx.save();
      chart.ctx.font = `12px ${Chart.defaults.font.family}`;
      bands.forEach(band => drawBand(chart, band, theme));
      chart.ctx.restore();
    },
  });

  // ---- Charts

  const tooltipOf = chart => ({
    callbacks: {
      title: items => `${chart.x.title}: ${kinds[chart.x.kind].format(items[0].parsed.x)}`,
      label: item => `${item.dataset.label}: ${kinds[chart.y.kind].format(item.parsed.y)}`,
    },
  });

  // In the key a line is a line with its dashes, a mark that mark.
  const keyOf = (chart, theme) => ({
    labels: {
      color: theme.text,
      usePointStyle: true,
      pointStyleWidth: 36,
      generateLabels: drawn => chart.lines.map((line, i) => {
        const set = drawn.data.datasets[i];
        return {
          text: line.name,
          datasetIndex: i,
          hidden: !drawn.isDatasetVisible(i),
          fontColor: theme.text,
          strokeStyle: set.borderColor,
          fillStyle: set.backgroundColor,
          lineWidth: 2,
          lineDash: set.borderDash,
          pointStyle: line.look === 'line' ? 'line' : marks[line.look],
        };
      }),
    },
  });

  const datasetsOf = (chart, theme) => {
    const hasDots = chart.lines.every(line => line.points.length <= mostDots);
    return chart.lines.map((line, i) => datasetOf(line, i, hasDots, theme));
  };

  const draw = (chart, theme) => new Chart(document.getElementById(chart.id), {
    type: 'line',
    data: {datasets: datasetsOf(chart, theme)},
    options: {
      // What is printed must be there at once.
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      interaction: {mode: 'nearest', axis: 'x', intersect: false},
      scales: {x: axisOf(chart, 'x', theme), y: axisOf(chart, 'y', theme)},
      plugins: {legend: keyOf(chart, theme), tooltip: tooltipOf(chart)},
    },
    plugins: [bandsOf(chart.bands, theme)],
  });

  // ---- The page

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paper = matchMedia('print');
  let drawn = [];

  const drawAll = printing => {
    drawn.forEach(chart => chart.destroy());
    document.documentElement.classList.toggle('printing', printing);
    const theme = dark.matches && !printing ? themes.dark : themes.light;
    drawn = charts.map(chart => draw(chart, theme));
  };

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  drawAll(paper.matches);
  dark.addEventListener('change', () => drawAll(paper.matches));
  paper.addEventListener('change', () => drawAll(paper.matches));
  addEventListener('beforeprint', () => drawAll(true));
  addEventListener('afterprint', () => drawAll(false));
})();
