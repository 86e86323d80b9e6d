// The page needs none of this: a browser without JavaScript shows no button.
for (const button of document.querySelectorAll(".copy")) {
  if (!navigator.clipboard) break; // Plain http from another machine has none.
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { text, copy, source } = button.dataset;
    await navigator.clipboard.writeText(text ?? `“${copy}”\n— ${source}`);
    button.parentElement.querySelector(".told").textContent = button.dataset.done;
  });
}
