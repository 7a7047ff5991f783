// Tells the page that waits, and makes way for it.
new BroadcastChannel("fellesjournal-session").postMessage("signed-in");
window.close();
