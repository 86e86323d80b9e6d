// The page needs none of this: a browser without JavaScript shows no button.
for (const button of document.querySelectorAll(".copy")) {
  if (!navigator.clipboard) break; // Plain http from another machine has none.
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(`“${button.dataset.copy}”\n— ${button.dataset.source}`);
    button.parentElement.querySelector(".told").textContent = button.dataset.done;
  });
}
