import { boom } from './boom.js'

chrome.runtime.onInstalled.addListener(() => boom())
