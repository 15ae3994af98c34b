// Charts: <div class="chart" data-chart="bar" data-source="id-of-json">. Drawn when scrolled into view, in the colours of the theme.
// ECharts' HTML tooltips write style attributes, which the content security policy forbids: richText everywhere.
;(function () {
  'use strict'
  const LEVELS = { red: '#c8332d', orange: '#e07b1f', yellow: '#d9ad1c', blue: '#3a78cc' }
  const LIGHT = ['#2b5fa8', '#c2554b', '#3f8f86', '#c99a2e', '#7a63a8', '#5f7f9e', '#a3672f', '#6d8b3c']
  const DARK = ['#6fa3ee', '#ef8279', '#5fbfb3', '#e2bd5a', '#ab94de', '#90afcd', '#d3975b', '#a1c06a']
  // Told apart without colour too, but quietly: thin light lines and small dots, the first one plain.
  const PATTERNS = [
    { symbol: 'rect', color: 'rgba(0, 0, 0, 0)' },
    { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4, color: 'rgba(255, 255, 255, .34)' },
    {
      symbol: 'circle',
      dashArrayX: [
        [6, 6],
        [0, 6, 6, 0]
      ],
      dashArrayY: [5, 0],
      symbolSize: 0.45,
      color: 'rgba(40, 25, 0, .3)'
    },
    { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4, color: 'rgba(255, 255, 255, .34)' },
    {
      symbol: 'circle',
      dashArrayX: [
        [6, 6],
        [0, 6, 6, 0]
      ],
      dashArrayY: [5, 0],
      symbolSize: 0.45,
      color: 'rgba(255, 255, 255, .4)'
    }
  ]
  const LEVEL_PATTERNS = { red: PATTERNS[0], orange: PATTERNS[1], yellow: PATTERNS[2], blue: PATTERNS[3] }
  const drawn = new Map()
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  let library = null

  function load() {
    if (library) return library
    library = new Promise(function (resolve, reject) {
      const script = document.createElement('script')
      script.src = document.body.dataset.echarts
      script.onload = resolve
      script.onerror = reject
      document.head.append(script)
    })
    return library
  }

  function colours() {
    const style = window.getComputedStyle(document.documentElement)
    const value = function (name) {
      return style.getPropertyValue('--' + name).trim()
    }
    const dark = document.documentElement.getAttribute('data-bs-theme') === 'dark'
    return {
      text: value('text'),
      muted: value('text-muted'),
      line: value('line'),
      surface: value('surface'),
      raised: value('surface-raised'),
      brand: value('brand-fill'),
      palette: dark ? DARK : LIGHT,
      dark: dark
    }
  }

  function number(value) {
    return value === null || value === undefined || value === '-' ? '—' : Number(value).toLocaleString('en-US')
  }

  function common(data, paint) {
    return {
      color: paint.palette,
      animation: !still && !window.matchMedia('print').matches,
      animationDuration: 350,
      textStyle: { fontFamily: window.getComputedStyle(document.body).fontFamily, color: paint.text },
      aria: {
        enabled: true,
        label: { enabled: false },
        decal: { show: data.series.length > 1 || data.kind === 'pie', decals: PATTERNS }
      },
      grid: { left: 8, right: 16, top: data.series.length > 1 ? 40 : 20, bottom: 4, containLabel: true },
      legend: {
        show: data.series.length > 1,
        top: 0,
        left: 0,
        icon: 'roundRect',
        itemWidth: 14,
        itemHeight: 10,
        textStyle: { color: paint.text }
      },
      tooltip: {
        renderMode: 'richText',
        confine: true,
        backgroundColor: paint.raised,
        borderColor: paint.line,
        borderWidth: 1,
        padding: [8, 10],
        textStyle: { color: paint.text, fontSize: 13 },
        valueFormatter: function (value) {
          return number(value) + (data.unit ? ' ' + data.unit : '')
        }
      }
    }
  }

  function categoryAxis(data, paint) {
    return {
      type: 'category',
      data: data.categories,
      axisLine: { lineStyle: { color: paint.line } },
      axisTick: { show: false },
      axisLabel: { color: paint.muted, hideOverlap: true }
    }
  }
  function valueAxis(data, paint) {
    const whole = data.series.every(function (one) {
      return one.values.every(function (value) {
        return value === null || Number.isInteger(value)
      })
    })
    return {
      type: 'value',
      minInterval: whole ? 1 : undefined,
      axisLabel: { color: paint.muted, formatter: number },
      splitLine: { lineStyle: { color: paint.line } }
    }
  }
  function tone(series) {
    return series.level ? LEVELS[series.level] : undefined
  }

  // The whole of a bar of several colours, written at its end.
  function sums(data, paint, lying) {
    return {
      show: true,
      position: lying ? 'right' : 'top',
      color: paint.text,
      fontSize: 11,
      formatter: function (bar) {
        const sum = data.series.reduce(function (sum, one) {
          return sum + (one.values[bar.dataIndex] || 0)
        }, 0)
        return sum ? number(sum) + (data.unit === '%' ? '%' : '') : ''
      }
    }
  }

  function bars(data, paint, box, more) {
    const lying = data.kind === 'hbar'
    // Levels of one thing add up: one bar of several colours, not several bars.
    if (
      lying &&
      data.series.length > 1 &&
      data.series.every(function (one) {
        return one.level
      })
    )
      more = { stack: 'all' }
    const option = Object.assign(common(data, paint), {
      series: data.series.map(function (one) {
        return Object.assign(
          {
            type: 'bar',
            name: one.name,
            data: one.values,
            barMaxWidth: 28,
            itemStyle: {
              color: tone(one),
              decal: data.series.length > 1 ? LEVEL_PATTERNS[one.level] : undefined,
              borderRadius: more?.stack ? 0 : lying ? [0, 2, 2, 0] : [2, 2, 0, 0]
            }
          },
          more
        )
      })
    })
    if (more?.stack) Object.assign(option.series[option.series.length - 1], { label: sums(data, paint, lying) })
    if (lying && data.series.length === 1) option.series[0].label = sums(data, paint, lying)
    option.tooltip.trigger = 'axis'
    option.tooltip.axisPointer = { type: 'shadow', shadowStyle: { opacity: 0.12 } }
    option.xAxis = lying ? valueAxis(data, paint) : categoryAxis(data, paint)
    option.yAxis = lying
      ? Object.assign(categoryAxis(data, paint), {
          inverse: true,
          axisLabel: { color: paint.text, width: roomForNames(box, 150), overflow: 'truncate', interval: 0 }
        })
      : valueAxis(data, paint)
    if (lying) Object.assign(option.grid, { left: 20, right: data.unit === '%' ? 52 : 36 })
    return option
  }

  function lines(data, paint, box) {
    const option = bars(data, paint, box)
    option.series = data.series.map(function (one) {
      return {
        type: 'line',
        name: one.name,
        data: one.values,
        symbolSize: 5,
        showSymbol: data.categories.length < 32,
        lineStyle: { width: 2 },
        itemStyle: { color: tone(one) },
        areaStyle: data.series.length === 1 ? { opacity: 0.1 } : undefined
      }
    })
    option.xAxis.boundaryGap = false
    Object.assign(option.xAxis.axisLabel, { alignMinLabel: 'left', alignMaxLabel: 'right' })
    option.tooltip.axisPointer = { type: 'line' }
    return option
  }

  function pie(data, paint) {
    const option = common(data, paint)
    const first = data.series[0]
    option.legend = {
      show: true,
      orient: 'vertical',
      right: 0,
      top: 'middle',
      icon: 'roundRect',
      textStyle: { color: paint.text }
    }
    option.series = [
      {
        type: 'pie',
        radius: ['48%', '74%'],
        center: ['36%', '50%'],
        label: { show: false },
        itemStyle: { borderColor: paint.surface, borderWidth: 2 },
        data: data.categories.map(function (name, at) {
          return { name: name, value: first.values[at], itemStyle: { color: LEVELS[(data.levels || [])[at]] } }
        })
      }
    ]
    return option
  }

  function scale(data, paint, values) {
    const top = data.top === null ? Math.max.apply(null, values.concat([1])) : data.top
    return {
      min: 0,
      max: top,
      calculable: false,
      orient: 'horizontal',
      right: 0,
      top: 0,
      itemWidth: 10,
      itemHeight: 90,
      textStyle: { color: paint.muted },
      inRange: { color: paint.dark ? ['#1d2c46', '#3a75c9', '#a9cbfa'] : ['#eef3fa', '#8db3e2', '#1d4b8f'] }
    }
  }

  /* Names beside a chart: places differ in their last words, so a screen with room shows them whole. */
  function roomForNames(box, least) {
    return Math.max(least, Math.min(260, Math.round(box.clientWidth * 0.28)))
  }

  function heat(data, paint, box) {
    const room = roomForNames(box, 96)
    const wide = (box.clientWidth - room - 34) / Math.max(1, data.categories.length)
    const option = common(data, paint)
    const cells = []
    data.series.forEach(function (one, y) {
      one.values.forEach(function (value, x) {
        cells.push([x, y, value === null ? '-' : value])
      })
    })
    option.legend.show = false
    option.grid.top = 34
    option.aria.decal.show = false
    option.xAxis = categoryAxis(data, paint)
    option.xAxis.axisLabel = { color: paint.muted, interval: wide < 48 ? 'auto' : 0, hideOverlap: true, fontSize: 11 }
    option.yAxis = Object.assign(categoryAxis(data, paint), {
      data: data.series.map(function (one) {
        return one.name
      }),
      inverse: true
    })
    option.yAxis.axisLabel = { color: paint.muted, width: room, overflow: 'truncate', interval: 0 }
    option.visualMap = scale(
      data,
      paint,
      cells.map(function (cell) {
        return Number(cell[2]) || 0
      })
    )
    option.series = [
      {
        type: 'heatmap',
        data: cells,
        itemStyle: { borderColor: paint.surface, borderWidth: 2 },
        label: {
          show: cells.length <= 120 && wide >= 32,
          formatter: function (cell) {
            return number(cell.value[2])
          }
        }
      }
    ]
    option.tooltip.formatter = function (cell) {
      return (
        data.categories[cell.value[0]] + ' · ' + data.series[cell.value[1]].name + '\n' + number(cell.value[2]) + ' ' + data.unit
      )
    }
    return option
  }

  function calendar(data, paint, box) {
    const option = common(data, paint)
    const values = data.series[0].values
    const cells = data.categories.map(function (day, at) {
      return [day, values[at] === null ? '-' : values[at]]
    })
    const weeks = Math.max(8, Math.ceil(data.categories.length / 7) + 1)
    const side = Math.max(9, Math.min(20, Math.floor((box.clientWidth - 50) / weeks)))
    option.visualMap = scale(data, paint, values.map(Number))
    option.calendar = {
      range: [data.categories[0], data.categories[data.categories.length - 1]],
      cellSize: [side, side],
      left: 36,
      top: 52,
      yearLabel: { show: false },
      splitLine: { lineStyle: { color: paint.line } },
      itemStyle: { color: 'transparent', borderColor: paint.surface, borderWidth: 2 },
      dayLabel: { firstDay: 1, color: paint.muted, nameMap: document.documentElement.lang === 'en' ? 'EN' : 'ZH' },
      monthLabel: { color: paint.muted, nameMap: document.documentElement.lang === 'en' ? 'EN' : 'ZH' }
    }
    option.series = [{ type: 'heatmap', coordinateSystem: 'calendar', data: cells }]
    option.tooltip.formatter = function (cell) {
      return cell.value[0] + '\n' + number(cell.value[1]) + ' ' + data.unit
    }
    return option
  }

  function gauge(data, paint) {
    const option = common(data, paint)
    option.series = [
      {
        type: 'gauge',
        startAngle: 200,
        endAngle: -20,
        min: 0,
        max: data.top === null ? 100 : data.top,
        center: ['50%', '66%'],
        radius: '105%',
        progress: { show: true, width: 14, itemStyle: { color: tone(data.series[0]) || paint.brand } },
        pointer: { show: false },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: { show: false },
        axisLine: { lineStyle: { width: 14, color: [[1, paint.line]] } },
        title: { offsetCenter: [0, '26%'], color: paint.muted, fontSize: 13 },
        detail: {
          offsetCenter: [0, '-6%'],
          color: paint.text,
          fontSize: 24,
          fontWeight: 600,
          formatter: function (value) {
            return number(value) + (data.unit === '%' ? '%' : ' ' + data.unit)
          }
        },
        data: [{ value: data.series[0].values[0], name: data.series[0].name }]
      }
    ]
    return option
  }

  function tree(data, paint) {
    const option = common(data, paint)
    const coloured = function (node) {
      return {
        name: node.name,
        value: node.value,
        itemStyle: { color: LEVELS[node.level] || paint.brand, borderColor: LEVELS[node.level] || paint.brand },
        children: node.children.map(coloured)
      }
    }
    option.series = [
      {
        type: 'tree',
        data: [coloured(data.root)],
        left: 90,
        right: 130,
        top: 8,
        bottom: 8,
        symbol: 'emptyCircle',
        symbolSize: 8,
        initialTreeDepth: 2,
        lineStyle: { color: paint.line, width: 1.5 },
        expandAndCollapse: true,
        label: {
          color: paint.text,
          position: 'left',
          align: 'right',
          fontSize: 12,
          formatter: function (node) {
            return node.name + (node.value === null || node.value === undefined ? '' : '  ' + number(node.value))
          }
        },
        leaves: { label: { position: 'right', align: 'left' } }
      }
    ]
    return option
  }

  const KINDS = {
    bar: bars,
    hbar: bars,
    line: lines,
    pie: pie,
    heat: heat,
    calendar: calendar,
    gauge: gauge,
    tree: tree,
    stack: function (data, paint, box) {
      return bars(data, paint, box, { stack: 'all' })
    }
  }

  function dataOf(box) {
    return JSON.parse(document.getElementById(box.dataset.source).textContent)
  }

  function draw(box) {
    const data = dataOf(box)
    const empty =
      !data.root &&
      !data.series.some(function (one) {
        return one.values.length
      })
    if (empty) {
      box.classList.add('chart-waiting')
      box.textContent = window.xiezhi.words.noData
      return
    }
    const chart = drawn.get(box) || window.echarts.init(box, null, { renderer: 'canvas' })
    if (!drawn.has(box)) {
      drawn.set(box, chart)
      new ResizeObserver(function () {
        if (box.isConnected) chart.resize()
      }).observe(box)
      chart.on('click', function (hit) {
        const one = data.series[hit.seriesIndex]
        const link = one?.links?.[hit.dataIndex]
        if (link) window.location.assign(link)
      })
    }
    chart.setOption(KINDS[data.kind](data, colours(), box), true)
    box.setAttribute('data-drawn', '')
  }

  const watch = new IntersectionObserver(
    function (seen) {
      seen
        .filter(function (one) {
          return one.isIntersecting
        })
        .forEach(function (one) {
          watch.unobserve(one.target)
          load().then(
            function () {
              draw(one.target)
            },
            function () {
              one.target.textContent = window.xiezhi.words.chartFailed
            }
          )
        })
    },
    { rootMargin: '150px' }
  )

  function prepare(root) {
    root.querySelectorAll('.chart[data-chart]:not([data-watched])').forEach(function (box) {
      box.setAttribute('data-watched', '')
      watch.observe(box)
    })
  }

  document.addEventListener('xiezhi:theme', function () {
    drawn.forEach(function (chart, box) {
      if (box.isConnected) draw(box)
      else {
        chart.dispose()
        drawn.delete(box)
      }
    })
  })
  document.addEventListener('DOMContentLoaded', function () {
    prepare(document)
  })
  document.addEventListener('htmx:load', function (event) {
    prepare(event.detail.elt)
  })
})()
