// Says beside a search field how many names of its list fit what is typed. It never fills
// anything in: who is meant is chosen by who types, and the server asks when nobody was.
for (const field of document.querySelectorAll("[data-choose]")) {
  const line = document.getElementById(field.dataset.choose);
  const names = [...field.list.options].map((each) => each.value.toLowerCase());
  const look = () => {
    const typed = field.value.trim().toLowerCase();
    const words = typed.split(/\s+/);
    const fit = names.filter((name) => words.every((word) => name.includes(word))).length;
    const kind = names.includes(typed) ? "chosen" : ["none", "one"][fit] ?? "many";
    line.textContent = typed ? line.dataset[kind].replace("{n}", fit) : "";
  };
  field.addEventListener("input", look);
  look();
}
