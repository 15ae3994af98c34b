// Light, dark, or what the machine says. In the head and not deferred, so that no page flashes in the wrong colours.
;(function () {
  'use strict'
  const root = document.documentElement
  const machine = window.matchMedia('(prefers-color-scheme: dark)')

  function show(name) {
    const dark = name === 'dark' || (name !== 'light' && machine.matches)
    root.setAttribute('data-theme', name)
    root.setAttribute('data-bs-theme', dark ? 'dark' : 'light')
    document.dispatchEvent(new CustomEvent('xiezhi:theme'))
  }

  function choose(name) {
    document.cookie = 'xiezhi_theme=' + name + ';path=/;max-age=31536000;samesite=lax'
    show(name)
    const address = root.getAttribute('data-theme-url')
    if (!address) return
    const body = new URLSearchParams({ theme: name })
    // The cookie already holds on this machine; the account follows when the server answers.
    fetch(address, {
      method: 'POST',
      body: body,
      headers: { 'X-CSRFToken': document.body.dataset.csrf, 'HX-Request': 'true' },
      keepalive: true
    }).catch(function () {})
  }

  function mark() {
    document.querySelectorAll('[data-set-theme]').forEach(function (button) {
      const here = button.dataset.setTheme === root.getAttribute('data-theme')
      button.classList.toggle('active', here)
      button.setAttribute('aria-pressed', String(here))
    })
  }

  show(root.getAttribute('data-theme') || 'auto')
  machine.addEventListener('change', function () {
    show(root.getAttribute('data-theme'))
  })
  document.addEventListener('DOMContentLoaded', mark)
  document.addEventListener('xiezhi:theme', mark)
  document.addEventListener('click', function (event) {
    const button = event.target.closest('[data-set-theme]')
    if (button) choose(button.dataset.setTheme)
  })
  // Paper is light whatever the screen is.
  let before = null
  window.addEventListener('beforeprint', function () {
    before = root.getAttribute('data-theme')
    show('light')
  })
  window.addEventListener('afterprint', function () {
    if (before) show(before)
  })
})()
