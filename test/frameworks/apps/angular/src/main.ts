import { bootstrapApplication } from '@angular/platform-browser'
import { provideServiceWorker } from '@angular/service-worker'
import { App } from './app'

bootstrapApplication(App, {
  providers: [provideServiceWorker('ngsw-worker.js', { registrationStrategy: 'registerImmediately' })],
})
