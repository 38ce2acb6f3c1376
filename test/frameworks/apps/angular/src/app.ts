import { Component, inject } from '@angular/core'
import { SwUpdate } from '@angular/service-worker'
import { version } from './version'

@Component({
  selector: 'app-root',
  template: `<button id="boom" type="button" (click)="boom()">boom</button>`,
})
export class App {
  constructor() {
    document.body.dataset['version'] = version
    inject(SwUpdate).versionUpdates.subscribe(event => {
      document.body.dataset['event'] = event.type
    })
  }

  async boom() {
    const { boom } = await import('./boom')
    boom()
  }
}
