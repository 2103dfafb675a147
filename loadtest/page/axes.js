// The axes of charts (chart.h): how a value is written, and what Chart.js is told.
'use strict';
const Axes = (() => {
  // ---- Words

  // Three significant digits, in the largest of `units` ([size, name]) that fits.
  const inUnits = (value, units) => {
    const [size, name] = units.find(([size]) => Math.abs(value) >= size) || units.at(-1);
    return Number((value / size).toPrecision(3)) + name;
  };
  const amount = value => inUnits(value, [[1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, '']]);
  const duration = nanoseconds =>
    inUnits(nanoseconds, [[1e9, ' s'], [1e6, ' ms'], [1e3, ' us'], [1, ' ns']]);
  // "99.9 %" of 1000: as many digits as there are nines, and so many `more`.
  const percentile = (x, more) => {
    const decimals = Math.max(0, Math.ceil(Math.log10(x) - 1e-9) - 2) + more;
    return Number((100 - 100 / x).toFixed(decimals)) + ' %';
  };
  const threeDigits = value => String(Number(value.toPrecision(3)));

  // The words of `text` in lines of at most so many characters, where words allow.
  const wrapped = (text, most) => {
    const lines = [''];
    for (const word of text.split(' ')) {
      const line = `${lines.at(-1)} ${word}`.trim();
      if (line.length > most && lines.at(-1) !== '') lines.push(word);
      else lines[lines.length - 1] = line;
    }
    return lines;
  };

  // ---- Scales

  // 1, 2 and 5 of each decade, from the last that is at most `low` to the first that is
  // above `high`.
  const logarithmicSteps = (low, high) => {
    const steps = [];
    for (let decade = Math.floor(Math.log10(low)); ; ++decade) {
      for (const digit of [1, 2, 5]) {
        // Not digit * 10 ** decade, which is 0.20000000000000001 and the like.
        const step = Number(`${digit}e${decade}`);
        if (step <= low) steps.length = 0;
        steps.push(step);
        if (step > high) return steps;
      }
    }
  };

  // `isTight`: it ends with the last value, or at `least`, rather than at a round one.
  const linear = (format, isTight, least = -Infinity) => values => ({
    type: 'linear',
    min: 0,
    max: isTight ? Math.max(least, ...values) : undefined,
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
    const isPower = step => step.toExponential()[0] === '1';
    const isTick = step => max / min < 10 ** mostDecades || isPower(step);
    const ticks = steps.filter(isTick).map(value => ({value}));
    return {
      type: 'logarithmic',
      min,
      max,
      afterBuildTicks: axis => { axis.ticks = ticks; },
      ticks: {callback: value => format(value)},
    };
  };

  // By the kind of an axis: how it writes a value at a tick, and where that is not enough
  // elsewhere; of its values, the options of Chart.js; and where its bars begin.
  const kinds = {
    time: {format: seconds => `${Number(seconds.toFixed(3))} s`},
    rate: {format: amount},
    wideRate: {format: amount},
    latency: {format: duration},
    nines: {format: x => percentile(x, 0), exact: x => percentile(x, 2)},
    times: {format: value => threeDigits(value) + 'x', origin: 1},
    percent: {format: value => threeDigits(value) + ' %', origin: 0},
  };
  kinds.time.options = linear(kinds.time.format, true);
  kinds.rate.options = linear(kinds.rate.format, false);
  kinds.wideRate.options = logarithmic(kinds.wideRate.format, 2.5);
  kinds.latency.options = logarithmic(kinds.latency.format, 2.5);
  kinds.nines.options = logarithmic(kinds.nines.format, 0);
  kinds.times.options = logarithmic(kinds.times.format, 2.5);
  kinds.percent.options = linear(kinds.percent.format, true, 100);

  // ---- Axes

  const write = (axis, value) => {
    if (axis.kind === 'names') return axis.names[value];
    const {format, exact} = kinds[axis.kind];
    return (exact ?? format)(value);
  };

  // Undefined where they begin at the edge.
  const originOf = axis => kinds[axis.kind]?.origin;

  // The names of an axis, each in lines that leave the bars more than half of `width` pixels.
  const namesIn = (axis, width) => axis.names.map(name => wrapped(name, width * 0.4 / 7));

  const optionsOfNames = labels => ({
    type: 'category',
    labels,
    grid: {display: false},
    ticks: {autoSkip: false, crossAlign: 'far'},
  });

  // All that is on one axis: of its points, and of their intervals.
  const valuesOf = (chart, name) => {
    const numbers = name === 'x' ? [0, 2, 3] : [1];
    return chart.lines.flatMap(line => line.points.flatMap(point => numbers.map(i => point[i])))
      .filter(value => value !== null && value !== undefined).concat(chart[name].within);
  };

  // Options of Chart.js for axis `name`, 'x' or 'y', of a chart that is so many pixels wide.
  const optionsOf = (chart, name, theme, width) => {
    const axis = chart[name];
    const options = axis.kind === 'names' ? optionsOfNames(namesIn(axis, width)) :
      kinds[axis.kind].options(valuesOf(chart, name));
    const origin = originOf(axis);
    const isOrigin = context => origin !== undefined && context.tick?.value === origin;
    return {
      ...options,
      stacked: chart.stacked,
      title: {display: axis.title !== '', text: axis.title, color: theme.text},
      grid: {
        color: context => (isOrigin(context) ? theme.text : theme.grid),
        borderColor: theme.text,
        ...options.grid,
      },
      ticks: {...options.ticks, color: theme.text, maxRotation: 0},
    };
  };

  return {write, originOf, namesIn, optionsOf};
})();
