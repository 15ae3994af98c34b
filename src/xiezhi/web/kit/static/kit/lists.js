// Tables of class table-list: opening and picking rows, choosing columns, density, keys. One list to a [data-list] part.
;(function () {
  'use strict'

  function partOf(element) {
    return element.closest('[data-list]') || document
  }
  function recall(name) {
    try {
      return window.localStorage.getItem(name)
    } catch {
      return null
    }
  }
  function remember(name, value) {
    try {
      window.localStorage.setItem(name, value)
    } catch {
      /* a private window keeps nothing */
    }
  }

  // Picking: <input type="checkbox" name="picked" value="…" data-pick> in rows, <input data-pick-all> in the head.
  function count(part) {
    const boxes = Array.from(part.querySelectorAll('[data-pick]'))
    const chosen = boxes.filter(function (box) {
      return box.checked
    })
    boxes.forEach(function (box) {
      box.closest('tr').classList.toggle('picked-row', box.checked)
    })
    const all = part.querySelector('[data-pick-all]')
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === boxes.length
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length
    }
    part.querySelectorAll('[data-picked]').forEach(function (bar) {
      bar.hidden = chosen.length === 0
    })
    part.querySelectorAll('[data-hide-when-picked]').forEach(function (line) {
      line.hidden = chosen.length > 0
    })
    part.querySelectorAll('[data-picked-count]').forEach(function (place) {
      place.textContent = window.xiezhi.words.picked.replace('{n}', String(chosen.length))
    })
  }

  document.addEventListener('change', function (event) {
    const box = event.target
    if (box.matches('[data-pick-all]'))
      partOf(box)
        .querySelectorAll('[data-pick]')
        .forEach(function (one) {
          one.checked = box.checked
        })
    if (box.matches('[data-pick], [data-pick-all]')) count(partOf(box))
    if (box.matches('[data-show-column]')) showColumn(box)
  })

  // Columns: every <th data-column> but a frozen one may be hidden; the choice stays with this browser and address.
  function columnsKey() {
    return 'xiezhi.columns:' + window.location.pathname
  }
  function setColumn(table, name, shown) {
    const heads = Array.from(table.tHead.rows[0].cells)
    const at = heads.findIndex(function (head) {
      return head.dataset.column === name
    })
    if (at < 0) return
    Array.from(table.rows).forEach(function (row) {
      if (row.cells[at] && row.cells[at].colSpan === 1) row.cells[at].hidden = !shown
    })
  }
  function showColumn(box) {
    const menu = box.closest('[data-columns]')
    const table = partOf(menu).querySelector('.table-list')
    setColumn(table, box.value, box.checked)
    const hidden = Array.from(menu.querySelectorAll('[data-show-column]')).filter(function (one) {
      return !one.checked
    })
    remember(
      columnsKey(),
      JSON.stringify(
        hidden.map(function (one) {
          return one.value
        })
      )
    )
  }
  function fillColumns(menu) {
    const table = partOf(menu).querySelector('.table-list')
    if (!table?.tHead || menu.children.length) return
    const hidden = JSON.parse(recall(columnsKey()) || '[]')
    table.tHead.querySelectorAll('[data-column]:not(.frozen)').forEach(function (head) {
      const label = document.createElement('label')
      label.className = 'dropdown-item'
      const box = document.createElement('input')
      box.type = 'checkbox'
      box.className = 'form-check-input m-0'
      box.value = head.dataset.column
      box.checked = !hidden.includes(head.dataset.column)
      box.setAttribute('data-show-column', '')
      label.append(box, head.textContent.trim())
      menu.append(label)
      if (!box.checked) setColumn(table, box.value, false)
    })
  }

  // Density: one choice for all lists of this browser.
  function dense(on) {
    document.body.classList.toggle('compact', on)
    document.querySelectorAll('[data-density]').forEach(function (button) {
      button.setAttribute('aria-pressed', String(on))
    })
  }

  // A click anywhere on a row does what its first [data-open] link does: unless it was meant for something else, or marks text.
  function opened(event) {
    const row = event.target.closest('tr.opens')
    if (!row || event.defaultPrevented || event.button || String(window.getSelection())) return null
    if (event.target.closest('a, button, input, select, label, summary, .pick, .actions')) return null
    return row.querySelector('[data-open]')
  }

  document.addEventListener('click', function (event) {
    if (event.target.closest('[data-density]')) {
      const on = !document.body.classList.contains('compact')
      dense(on)
      remember('xiezhi.density', on ? 'compact' : '')
    }
    const link = opened(event)
    if (link) link.click()
    const clear = event.target.closest('[data-picked-clear]')
    if (clear) {
      const part = partOf(clear)
      part.querySelectorAll('[data-pick]').forEach(function (box) {
        box.checked = false
      })
      count(part)
    }
  })

  document.addEventListener(
    'scroll',
    function (event) {
      const frame = event.target
      if (frame.classList?.contains('table-frame')) frame.classList.toggle('scrolled', frame.scrollLeft > 0)
    },
    true
  )

  // Keys. Never while typing, and never over a browser's own (with Ctrl, Alt, Meta).
  function rows() {
    return Array.from(document.querySelectorAll('.table-list tbody tr')).filter(function (row) {
      return row.querySelector('a, [data-pick]')
    })
  }
  function move(step) {
    const all = rows()
    if (!all.length) return
    const now = all.findIndex(function (row) {
      return row.classList.contains('here')
    })
    const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + step))
    all.forEach(function (row, at) {
      row.classList.toggle('here', at === next)
    })
    all[next].scrollIntoView({ block: 'nearest' })
    const link = all[next].querySelector('[data-open], a')
    if (link) link.focus({ preventScroll: true })
  }
  function pick() {
    const box = document.querySelector('.table-list tr.here [data-pick]')
    if (box) box.click()
  }
  function search() {
    const field = document.querySelector('main input[type="search"], .filter-bar input[type="text"]')
    if (field) {
      field.focus()
      field.select()
    }
  }
  let last = ''
  const keys = {
    j: function () {
      move(1)
    },
    k: function () {
      move(-1)
    },
    x: pick,
    '/': search,
    '?': function () {
      const help = document.getElementById('shortcuts')
      if (help) window.bootstrap.Modal.getOrCreateInstance(help).show()
    },
    h: function () {
      const home = document.querySelector('.bar .brand-mark')
      if (last === 'g' && home) home.click()
    }
  }
  document.addEventListener('keydown', function (event) {
    const typing = event.target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable]')
    if (typing || event.ctrlKey || event.altKey || event.metaKey || document.querySelector('.modal.show')) return
    const act = keys[event.key]
    if (act) {
      if (event.key === '/') event.preventDefault()
      act()
    }
    last = event.key
  })

  function prepare(root) {
    root.querySelectorAll('.table-list tbody [data-open]').forEach(function (link) {
      link.closest('tr').classList.add('opens')
    })
    root.querySelectorAll('[data-columns]').forEach(fillColumns)
    if (root.querySelector('[data-pick]')) count(root.closest ? partOf(root) : root)
  }
  document.addEventListener('DOMContentLoaded', function () {
    dense(recall('xiezhi.density') === 'compact')
    prepare(document)
  })
  document.addEventListener('htmx:load', function (event) {
    prepare(event.detail.elt)
  })
})()
