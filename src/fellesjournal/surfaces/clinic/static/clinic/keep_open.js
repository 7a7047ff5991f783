// A folded part that was opened stays open when the page comes again: it stands in the address,
// which the forms of the page are sent to. Without a script it folds again.
for (const part of document.querySelectorAll("details[data-keep]")) {
  part.addEventListener("toggle", () => {
    const address = new URL(window.location.href);
    if (part.open) address.searchParams.set(part.dataset.keep, "1");
    else address.searchParams.delete(part.dataset.keep);
    window.history.replaceState(null, "", address);
  });
}
