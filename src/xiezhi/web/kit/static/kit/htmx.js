// What every htmx request of ours has in common: CSRF, the loading line, errors said aloud, the drawer and the modal.
;(function () {
  'use strict'
  const words = JSON.parse((document.getElementById('kit-words') || { textContent: '{}' }).textContent) || {}

  // Says a sentence at the top of the page. Others call xiezhi.say('…', 'good' | 'bad').
  function say(text, tone) {
    const place = document.getElementById('says')
    if (!place) return
    const line = document.createElement('div')
    line.className = 'say ' + (tone || '')
    const sentence = document.createElement('span')
    sentence.textContent = text
    const close = document.createElement('button')
    close.type = 'button'
    close.className = 'btn btn-icon'
    close.setAttribute('aria-label', words.close)
    close.textContent = '✕'
    close.addEventListener('click', function () {
      line.remove()
    })
    line.append(sentence, close)
    place.append(line)
    window.setTimeout(
      function () {
        line.remove()
      },
      tone === 'bad' ? 15000 : 5000
    )
  }

  function loading(on) {
    const line = document.getElementById('loading-line')
    if (!line) return
    line.classList.toggle('on', on)
    line.classList.toggle('done', !on)
  }

  function panelOf(target) {
    const id = target?.id
    if (id === 'drawer-content') return window.bootstrap.Offcanvas.getOrCreateInstance(document.getElementById('drawer'))
    if (id === 'modal-content') return window.bootstrap.Modal.getOrCreateInstance(document.getElementById('modal'))
    return null
  }

  function reasonOf(status) {
    return (
      { 0: words.offline, 401: words.signedOut, 403: words.forbidden, 409: words.conflict, 429: words.tooMany }[status] ||
      words.failed
    )
  }

  document.addEventListener('htmx:configRequest', function (event) {
    if (event.detail.verb !== 'get') event.detail.headers['X-CSRFToken'] = document.body.dataset.csrf
    // Nobody pressed anything: such a request keeps no session alive.
    if (/\bevery\b/.test(event.detail.elt.getAttribute('hx-trigger') || '')) event.detail.headers['X-Polling'] = '1'
  })

  document.addEventListener('htmx:beforeRequest', function (event) {
    if (!event.detail.elt.hasAttribute('data-quiet')) loading(true)
  })

  document.addEventListener('htmx:afterRequest', function () {
    loading(false)
  })

  document.addEventListener('htmx:beforeSwap', function (event) {
    // A whole document where a part was asked for: the session ended and the log-in page came back. Show it as a page.
    if (/^\s*<!doctype html/i.test(event.detail.serverResponse || '') && event.detail.target !== document.body) {
      event.detail.shouldSwap = false
      if (event.detail.xhr.status < 400) window.location.reload()
    }
  })

  document.addEventListener('htmx:afterSwap', function (event) {
    const panel = panelOf(event.detail.target)
    if (panel) panel.show()
    const wrong = event.detail.target.querySelector('.error-summary')
    if (wrong) wrong.focus()
  })

  document.addEventListener('htmx:responseError', function (event) {
    const answer = event.detail.xhr
    const id = answer.getResponseHeader('X-Request-ID')
    const own = answer.getResponseHeader('X-Say')
    const text = own ? decodeURIComponent(own) : reasonOf(answer.status)
    say(text + (id && !own ? ' (' + words.reference + ' ' + id + ')' : ''), 'bad')
  })

  document.addEventListener('htmx:sendError', function () {
    say(words.offline, 'bad')
  })

  // HX-Trigger: {"say": {"text": "…", "tone": "good"}} and {"closePanels": ""} from the server.
  document.addEventListener('say', function (event) {
    say(event.detail.text, event.detail.tone)
  })
  document.addEventListener('closePanels', function () {
    document.querySelectorAll('.offcanvas.show, .modal.show').forEach(function (shown) {
      const panel = window.bootstrap.Modal.getInstance(shown) || window.bootstrap.Offcanvas.getInstance(shown)
      if (panel) panel.hide()
    })
  })

  window.xiezhi = Object.assign(window.xiezhi || {}, { say: say, words: words })
})()
