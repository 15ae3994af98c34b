// Small behaviours. Those with a state are Alpine components of the CSP build (x-data="name"); the rest hang on data- attributes.
;(function () {
  'use strict'

  document.addEventListener('alpine:init', function () {
    const Alpine = window.Alpine

    // x-data="disclosure" [data-open]: x-on:click="toggle", x-show="open", x-bind:aria-expanded="expanded"
    function disclosure() {
      return {
        open: false,
        init: function () {
          this.open = this.$root.hasAttribute('data-open')
        },
        toggle: function () {
          this.open = !this.open
        },
        close: function () {
          this.open = false
        },
        get expanded() {
          return String(this.open)
        },
        get shut() {
          return !this.open
        }
      }
    }
    Alpine.data('disclosure', disclosure)
    Alpine.data('filterBar', disclosure)

    // x-data="choice" data-first="a": buttons with data-value and x-on:click="pick"; x-model="chosen" or x-show="is…" by $data.chosen
    Alpine.data('choice', function () {
      return {
        chosen: '',
        init: function () {
          this.chosen = this.$root.dataset.first || ''
        },
        pick: function () {
          this.chosen = this.$event.currentTarget.dataset.value
        }
      }
    })
  })

  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text)
    // An intranet site without https has no clipboard object.
    const field = document.createElement('textarea')
    field.value = text
    field.className = 'visually-hidden'
    document.body.append(field)
    field.select()
    const done = document.execCommand('copy')
    field.remove()
    return done ? Promise.resolve() : Promise.reject(new Error('copy'))
  }

  document.addEventListener('click', function (event) {
    const copied = event.target.closest('[data-copy]')
    if (copied) {
      copy(copied.dataset.copy).then(
        function () {
          window.xiezhi.say(window.xiezhi.words.copied, 'good')
        },
        function () {
          window.xiezhi.say(copied.dataset.copy)
        }
      )
    }
    if (event.target.closest('[data-print]')) window.print()
    if (event.target.closest('[data-back]')) window.history.back()
  })

  // Nobody sends a form twice by clicking twice. htmx forms have hx-disabled-elt for the same.
  document.addEventListener('submit', function (event) {
    const form = event.target
    if (event.defaultPrevented || form.method !== 'post' || form.hasAttribute('hx-post')) return
    window.setTimeout(function () {
      form.querySelectorAll('button:not([type]), [type="submit"]').forEach(function (button) {
        button.disabled = true
      })
    })
  })
  window.addEventListener('pageshow', function (event) {
    if (event.persisted)
      document.querySelectorAll('form [disabled]').forEach(function (button) {
        button.disabled = false
      })
  })

  // <form data-guard>: asks before what was typed is lost.
  let typed = false
  document.addEventListener('input', function (event) {
    if (event.target.closest('form[data-guard]')) typed = true
  })
  document.addEventListener('submit', function () {
    typed = false
  })
  window.addEventListener('beforeunload', function (event) {
    if (typed) event.preventDefault()
  })

  // The first thing to mend gets the focus; of many tabs on a narrow screen the one that is open is seen.
  document.addEventListener('DOMContentLoaded', function () {
    const here = document.querySelector('.nav-tabs .active')
    if (here) here.closest('.nav-tabs').scrollLeft = here.offsetLeft - here.closest('.nav-tabs').offsetLeft - 16
    const wrong = document.querySelector('.error-summary')
    if (wrong) wrong.focus()
  })
})()
