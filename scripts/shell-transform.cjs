// Lets tests import a shell script as its text, as the bundler does for dist/.
module.exports = {
  process: (text) => ({ code: `module.exports = ${JSON.stringify(text)};` }),
};
