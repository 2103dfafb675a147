// What stands between the axes of a chart (chart.h): lines and marks over bands, or bars with
// their intervals.
'use strict';
const Marks = (() => {
  // Lines are told apart by colour-blind people as well, and by their dashes in grey: no two
  // of the first 42 have the same colour and the same dashes.
  const dashes = [[], [9, 4], [2, 3], [9, 3, 2, 3], [14, 4], [4, 4], [14, 3, 2, 3, 2, 3]];
  // A chart with lines of more points than these has no dots on them.
  const mostDots = 40;
  // What is shorter, in pixels, is drawn as if it were as long, so that it can be seen: two
  // pixels beside the axis, which has half of one itself.
  const shortestBar = 2.5;

  const colourOf = (index, theme) => theme.lines[index % theme.lines.length];

  // ---- Lines

  const shapes = {diamonds: 'rectRot', crosses: 'crossRot'};

  // Of a point that would not be seen without one: there is no other beside it.
  const isGap = point => point === undefined || point.y === null;
  const isAlone = (points, i) => isGap(points[i - 1]) && isGap(points[i + 1]);

  // Of points that stand alone those below are larger, so that all at one place are seen.
  const lineOf = (line, index, count, hasDots, theme) => {
    const colour = colourOf(index, theme);
    const data = line.points.map(([x, y]) => ({x, y}));
    const isLine = line.look === 'line';
    const dot = i => {
      if (isAlone(data, i)) return 2 + (count - 1 - index);
      return hasDots ? 2 : 0;
    };
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
      pointStyle: isLine ? 'circle' : shapes[line.look],
      // In the key a line is a line with its dashes, a mark that mark.
      keyStyle: isLine ? 'line' : shapes[line.look],
    };
  };

  const linesOf = (chart, theme) => {
    const hasDots = chart.lines.every(line => line.points.length <= mostDots);
    return chart.lines.map((line, i) => lineOf(line, i, chart.lines.length, hasDots, theme));
  };

  // Behind the lines; the name is written where there is room for it.
  const drawBand = (drawn, band, theme) => {
    const {ctx, chartArea: area, scales} = drawn;
    const from = Math.max(area.left, scales.x.getPixelForValue(band.from));
    const to = Math.min(area.right, scales.x.getPixelForValue(band.to));
    if (to <= from) return;
    ctx.fillStyle = theme.band;
    ctx.fillRect(from, area.top, to - from, area.height);
    if (ctx.measureText(band.name).width + 4 > to - from) return;
    ctx.fillStyle = theme.text;
    ctx.textBaseline = 'top';
    ctx.fillText(band.name, from + 2, area.top + 4);
  };

  const bandsOf = (chart, theme) => ({
    id: 'bands',
    beforeDraw: drawn => {
      drawn.ctx.save();
      drawn.ctx.font = `12px ${Chart.defaults.font.family}`;
      chart.bands.forEach(band => drawBand(drawn, band, theme));
      drawn.ctx.restore();
    },
  });

  // ---- Bars

  const hasInterval = point => point.low !== undefined;

  const barsOf = (chart, theme) => {
    const origin = Axes.originOf(chart.x);
    const isHollow = point => hasInterval(point) && point.low <= origin && origin <= point.high;
    return chart.lines.map((line, index) => ({
      label: line.name,
      data: line.points.map(([x, y, low, high]) => ({x, y, low, high})),
      base: chart.stacked ? undefined : origin,
      minBarLength: shortestBar,
      barPercentage: 0.9,
      borderColor: colourOf(index, theme),
      backgroundColor: context =>
        (isHollow(context.raw) ? theme.ground : colourOf(index, theme)),
      borderSkipped: false,
      borderWidth: 1,
      intervalColor: theme.text,
      keyStyle: 'rect',
    }));
  };

  // A line along the bar, with an end to either side. On whole pixels, to be sharp.
  const drawInterval = (drawn, bar, point, colour) => {
    const {ctx, scales: {x: axis}} = drawn;
    const [from, to] = [point.low, point.high].map(x => Math.round(axis.getPixelForValue(x)));
    const y = Math.round(bar.y);
    const half = Math.min(4, Math.max(1, Math.floor(bar.height / 2) - 1));
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(from, y);
    ctx.lineTo(to, y);
    for (const x of [from, to]) {
      ctx.moveTo(x, y - half);
      ctx.lineTo(x, y + half);
    }
    ctx.stroke();
  };

  const drawIntervalsOf = (drawn, set, index) => {
    const bars = drawn.getDatasetMeta(index).data;
    set.data.forEach((point, i) => {
      if (hasInterval(point)) drawInterval(drawn, bars[i], point, set.intervalColor);
    });
  };

  const intervals = {
    id: 'intervals',
    afterDatasetsDraw: drawn => {
      drawn.ctx.save();
      drawn.data.datasets.forEach((set, i) => {
        if (drawn.isDatasetVisible(i)) drawIntervalsOf(drawn, set, i);
      });
      drawn.ctx.restore();
    },
  };

  // ---- Both

  const isBars = chart => chart.y.kind === 'names';

  // What Chart.js is told of them.
  const datasetsOf = (chart, theme) => (isBars(chart) ? barsOf : linesOf)(chart, theme);
  const pluginOf = (chart, theme) => (isBars(chart) ? intervals : bandsOf(chart, theme));

  return {isBars, datasetsOf, pluginOf};
})();
