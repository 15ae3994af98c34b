// The upload form: says at once what cannot be sent, shows how far sending is, and works as a plain form without this file.
;(function () {
  'use strict'

  function formOf(element) {
    return element.closest('form[data-upload]')
  }
  function filesOf(form) {
    return Array.from(form.querySelectorAll('input[type="file"]')).reduce(function (all, input) {
      return all.concat(Array.from(input.files))
    }, [])
  }
  function size(octets) {
    const units = ['B', 'KB', 'MB', 'GB']
    let at = 0
    while (octets >= 1024 && at < 3) {
      octets /= 1024
      at += 1
    }
    return (at ? octets.toFixed(1) : octets) + ' ' + units[at]
  }

  function faultOf(form, file) {
    const dot = file.name.lastIndexOf('.')
    const ending = dot < 0 ? '' : file.name.slice(dot).toLowerCase()
    if (!form.dataset.accept.split(',').includes(ending)) return form.dataset.wrongKind
    if (!file.size) return form.dataset.empty
    if (file.size > Number(form.dataset.most)) return form.dataset.tooBig
    return ''
  }

  // Files that systems strew into folders are left out here as they are on the server.
  function litter(file) {
    return /^(\.|~\$|Thumbs\.db$|desktop\.ini$)/i.test(file.name)
  }

  function list(form) {
    const place = form.querySelector('[data-chosen]')
    const files = filesOf(form).filter(function (file) {
      return !litter(file)
    })
    let wrong = 0
    place.textContent = ''
    files.forEach(function (file) {
      const fault = faultOf(form, file)
      const line = document.createElement('li')
      const parts = [
        ['name', file.name],
        ['figure muted', size(file.size)],
        ['bad', fault]
      ]
      parts.forEach(function (part) {
        if (!part[1]) return
        const cell = document.createElement('span')
        cell.className = part[0]
        cell.textContent = part[1]
        line.append(cell)
      })
      if (fault) wrong += 1
      place.append(line)
    })
    form.querySelector('[data-send]').disabled = !files.length || wrong > 0
  }

  function shown(form, on) {
    form.querySelector('[data-sending]').hidden = !on
    form.querySelector('[data-send]').disabled = on
  }

  function answered(form, xhr) {
    if (xhr.status === 422) {
      const fresh = new DOMParser().parseFromString(xhr.responseText, 'text/html').querySelector('form[data-upload]')
      form.replaceWith(fresh)
      const wrong = fresh.querySelector('.error-summary')
      if (wrong) wrong.focus()
      return
    }
    if (xhr.status >= 400 || xhr.status === 0) {
      shown(form, false)
      window.xiezhi.say(xhr.status === 0 ? window.xiezhi.words.offline : window.xiezhi.words.failed, 'bad')
      return
    }
    window.location.assign(xhr.responseURL)
  }

  function send(form) {
    const xhr = new XMLHttpRequest()
    const bar = form.querySelector('[data-sending] progress')
    const figure = form.querySelector('[data-sending] .figure')
    xhr.open('POST', form.action || window.location.href)
    xhr.setRequestHeader('X-CSRFToken', document.body.dataset.csrf)
    xhr.upload.addEventListener('progress', function (event) {
      if (!event.lengthComputable) return
      bar.value = Math.round((100 * event.loaded) / event.total)
      figure.textContent = bar.value + '% · ' + size(event.loaded) + ' / ' + size(event.total)
    })
    xhr.addEventListener('load', function () {
      answered(form, xhr)
    })
    xhr.addEventListener('error', function () {
      answered(form, xhr)
    })
    const body = new FormData(form)
    shown(form, true)
    xhr.send(body)
  }

  document.addEventListener('change', function (event) {
    const form = formOf(event.target)
    if (form && event.target.type === 'file') list(form)
  })
  document.addEventListener('submit', function (event) {
    if (!event.target.matches('form[data-upload]')) return
    event.preventDefault()
    send(event.target)
  })
  ;['dragover', 'dragleave', 'drop'].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      const place = event.target.closest?.('.drop')
      if (!place) return
      event.preventDefault()
      place.classList.toggle('over', kind === 'dragover')
      if (kind !== 'drop') return
      const input = place.querySelector('input[type="file"]')
      input.files = event.dataTransfer.files
      list(formOf(place))
    })
  })
})()
