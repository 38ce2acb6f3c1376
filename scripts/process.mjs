/** `node:process` as it is anyway: to import it reads every getter of it, which is a tenth of all that loading a plugin costs. */
export default process
