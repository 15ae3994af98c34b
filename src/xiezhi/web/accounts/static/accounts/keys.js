// Security keys: asks the browser for one and sends what it says. The conversion of keys to JSON is allauth's file.
;(function () {
  'use strict'
  document.addEventListener('DOMContentLoaded', function () {
    document.querySelectorAll('form[data-key]').forEach(function (form) {
      const start = form.querySelector('[data-key-start]')
      const options = JSON.parse(document.getElementById(form.dataset.keyOptions).textContent)
      function begin() {
        if (!form.reportValidity()) return
        start.disabled = true
        const asked =
          form.dataset.key === 'create'
            ? window.webauthnJSON.create(withoutResident(options.creation_options))
            : window.webauthnJSON.get(options.request_options)
        asked
          .then(function (credential) {
            form.querySelector('input[name=credential]').value = JSON.stringify(credential)
            form.submit()
          })
          .catch(function () {
            start.disabled = false
            window.xiezhi.say(form.dataset.keyFailed, 'bad')
          })
      }
      start.addEventListener('click', begin)
      form.addEventListener('submit', function (event) {
        event.preventDefault()
        begin()
      })
    })
  })

  // A second factor beside a password: the key need not remember whose it is.
  function withoutResident(options) {
    const wanted = JSON.parse(JSON.stringify(options))
    const choice = wanted.publicKey.authenticatorSelection
    choice.residentKey = 'discouraged'
    choice.requireResidentKey = false
    return wanted
  }
})()
