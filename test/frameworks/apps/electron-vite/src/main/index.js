import { BrowserWindow, app } from 'electron'

app.whenReady().then(() => new BrowserWindow().loadFile('../renderer/index.html'))
