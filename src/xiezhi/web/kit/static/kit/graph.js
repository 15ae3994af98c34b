// Relation pictures: <div class="graph" data-source="id-of-json"> with
// {nodes: [{id, label, kind, level?, url?, main?}], edges: [{source, target, label, strength?}]}.
;(function () {
  'use strict'
  const SHAPES = {
    person: 'ellipse',
    company: 'round-rectangle',
    unit: 'round-hexagon',
    account: 'round-diamond',
    phone: 'round-triangle',
    address: 'round-pentagon',
    document: 'round-tag'
  }
  const LEVELS = { red: '#c8332d', orange: '#e07b1f', yellow: '#d9ad1c', blue: '#3a78cc' }
  const drawn = new Map()
  let library = null

  function load() {
    if (library) return library
    // Cytoscape adds a <style> unless an element of this id exists, and the content security policy forbids inline styles.
    // The one rule it would add stands in parts.css.
    const instead = document.createElement('meta')
    instead.id = '__________cytoscape_stylesheet'
    document.head.append(instead)
    library = new Promise(function (resolve, reject) {
      const script = document.createElement('script')
      script.src = document.body.dataset.cytoscape
      script.onload = resolve
      script.onerror = reject
      document.head.append(script)
    })
    return library
  }

  function style() {
    const css = window.getComputedStyle(document.documentElement)
    const value = function (name) {
      return css.getPropertyValue('--' + name).trim()
    }
    const font = window.getComputedStyle(document.body).fontFamily
    return [
      {
        selector: 'node',
        style: {
          shape: function (node) {
            return SHAPES[node.data('kind')] || 'ellipse'
          },
          width: 34,
          height: 34,
          'background-color': value('brand-fill'),
          'border-width': 2,
          'border-color': value('surface'),
          label: 'data(label)',
          color: value('text'),
          'font-family': font,
          'font-size': 12,
          'text-valign': 'bottom',
          'text-margin-y': 5,
          'text-wrap': 'wrap',
          'line-height': 1.25,
          'text-max-width': 120,
          'text-background-color': value('surface-raised'),
          'text-background-opacity': 0.85,
          'text-background-padding': 2
        }
      },
      {
        selector: 'node[level]',
        style: {
          'background-color': function (node) {
            return LEVELS[node.data('level')] || value('brand-fill')
          }
        }
      },
      {
        selector: 'node[?main]',
        style: { width: 48, height: 48, 'font-weight': 600, 'font-size': 13, 'text-valign': 'top', 'text-margin-y': -5 }
      },
      { selector: 'node[?url]', style: { 'border-color': value('focus') } },
      {
        selector: 'edge',
        style: {
          width: function (edge) {
            return Math.min(6, 1.2 + (edge.data('strength') || 0))
          },
          'line-color': value('line-strong'),
          'target-arrow-color': value('line-strong'),
          'target-arrow-shape': 'triangle',
          'arrow-scale': 0.9,
          'curve-style': 'bezier',
          label: 'data(label)',
          color: value('text-muted'),
          'font-family': font,
          'font-size': 11,
          'text-wrap': 'ellipsis', // whole in the list of relations below: longer ones lay under the nodes
          'text-max-width': 110,
          'text-background-color': value('surface-raised'),
          'text-background-opacity': 0.9,
          'text-background-padding': 2
        }
      },
      {
        selector: 'edge[bend]',
        style: { 'curve-style': 'unbundled-bezier', 'control-point-distances': 'data(bend)', 'control-point-weights': 0.5 }
      },
      { selector: '.faint', style: { opacity: 0.18 } }
    ]
  }

  function draw(box) {
    const data = JSON.parse(document.getElementById(box.dataset.source).textContent)
    const wrapped = function (one) {
      return { data: one }
    }
    const picture = window.cytoscape({
      container: box,
      elements: { nodes: data.nodes.map(wrapped), edges: data.edges.map(wrapped) },
      style: style(),
      layout: layout(data, box.clientWidth < 520),
      minZoom: 0.2,
      maxZoom: 3,
      boxSelectionEnabled: false,
      autounselectify: true,
      // The wheel scrolls the page until somebody has clicked into the picture.
      userZoomingEnabled: false
    })
    picture.edges().forEach(function (edge) {
      bend(edge, picture.nodes())
    })
    show(picture)
    drawn.set(box, picture)
    picture.on('tap', 'node', function (event) {
      if (event.target.data('url')) window.location.assign(event.target.data('url'))
    })
    picture.on('mouseover', 'node', function (event) {
      picture.elements().difference(event.target.closedNeighborhood()).addClass('faint')
    })
    picture.on('mouseout', 'node', function () {
      picture.elements().removeClass('faint')
    })
    box.setAttribute('data-drawn', '')
  }

  // All of it, the bent lines too, and never larger than the writing around it.
  function show(picture) {
    picture.fit(undefined, 30)
    if (picture.zoom() > 1.1) {
      picture.zoom(1.1)
      picture.center()
    }
  }

  // The tree of shortest ways from the main node: every node hangs on the neighbour through which it was first reached.
  function hung(main, data) {
    const children = {}
    const seen = {}
    seen[main.id] = true
    const queue = [main.id]
    while (queue.length) {
      const id = queue.shift()
      const near = data.edges.map(function (edge) {
        return edge.source === id ? edge.target : edge.target === id ? edge.source : null
      })
      children[id] = near.filter(function (other) {
        if (other === null || seen[other]) return false
        seen[other] = true
        queue.push(other)
        return true
      })
    }
    return children
  }

  // Rings around the main node, each branch in a sector of its own: no line runs behind a node it does not belong to.
  function rings(main, data, narrow) {
    const children = hung(main, data)
    const places = {}
    function leaves(id) {
      return Math.max(
        1,
        children[id].reduce(function (sum, child) {
          return sum + leaves(child)
        }, 0)
      )
    }
    function place(id, step, from, to) {
      const angle = (from + to) / 2
      // On a phone the rings stand upright: names are wide, and the writing must stay readable.
      places[id] = narrow
        ? { x: step * 105 * Math.sin(angle), y: step * 130 * Math.cos(angle) }
        : { x: step * 200 * Math.cos(angle), y: step * 150 * Math.sin(angle) }
      let at = from
      children[id].forEach(function (child) {
        const next = at + ((to - from) * leaves(child)) / leaves(id)
        place(child, step + 1, at, next)
        at = next
      })
    }
    // One neighbour stands beside. Two stand to the left and right, or below at an angle where more ties join them: in a line with
    // the main node, these would run through it.
    const near = children[main.id].length
    if (near === 1) place(main.id, 0, -Math.PI / 2, Math.PI / 2)
    else if (near === 2 && data.edges.length > 2) place(main.id, 0, 0, Math.PI)
    else place(main.id, 0, -Math.PI / 2, Math.PI * 1.5)
    const apart = data.nodes.filter(function (node) {
      return !places[node.id]
    })
    apart.forEach(function (node, at) {
      places[node.id] = { x: (at - (apart.length - 1) / 2) * 150, y: 330 }
    })
    return places
  }

  // A straight line that would run through a third node is bent around it: it must not look like that node's own.
  function bend(edge, nodes) {
    const from = edge.source().position()
    const to = edge.target().position()
    const length = Math.hypot(to.x - from.x, to.y - from.y)
    if (!length) return
    const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length }
    nodes.forEach(function (node) {
      if (node.same(edge.source()) || node.same(edge.target())) return
      const there = { x: node.position().x - from.x, y: node.position().y - from.y }
      const share = (there.x * along.x + there.y * along.y) / length
      const aside = there.y * along.x - there.x * along.y
      if (share > 0.08 && share < 0.92 && Math.abs(aside) < 45) edge.data('bend', aside < 0 ? 130 : -130)
    })
  }

  function layout(data, narrow) {
    const main = data.nodes.find(function (node) {
      return node.main
    })
    if (main && data.nodes.length <= 30) {
      const places = rings(main, data, narrow)
      return {
        name: 'preset',
        positions: function (node) {
          return places[node.id()]
        },
        fit: true,
        padding: 38
      }
    }
    return {
      name: 'cose',
      animate: false,
      padding: 30,
      nodeRepulsion: function () {
        return 9000
      },
      idealEdgeLength: function () {
        return 90
      },
      randomize: true
    }
  }

  document.addEventListener('pointerdown', function (event) {
    drawn.forEach(function (picture, box) {
      picture.userZoomingEnabled(box.contains(event.target))
    })
  })
  document.addEventListener('click', function (event) {
    const button = event.target.closest('[data-graph-do]')
    if (!button) return
    const picture = drawn.get(button.closest('.graph-box').querySelector('.graph'))
    if (!picture) return
    if (button.dataset.graphDo === 'fit') show(picture)
    else
      picture.zoom({
        level: picture.zoom() * (button.dataset.graphDo === 'in' ? 1.25 : 0.8),
        renderedPosition: { x: picture.width() / 2, y: picture.height() / 2 }
      })
  })

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
    root.querySelectorAll('.graph[data-source]:not([data-watched])').forEach(function (box) {
      box.setAttribute('data-watched', '')
      watch.observe(box)
    })
  }

  document.addEventListener('xiezhi:theme', function () {
    drawn.forEach(function (picture, box) {
      if (box.isConnected) picture.style(style())
      else {
        picture.destroy()
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
