from yaat import Yaat
from yaat.background import BackgroundTask, BackgroundTasks, RunAfterResponse
from yaat.responses import TextResponse

sent = []


async def send_mail(address, text):
    sent.append((address, text))


def write_log(line):
    sent.append(line)


app = Yaat(background_grace_seconds=10)


@app.post("/orders")
async def add_order(request):
    task = BackgroundTask(send_mail, "ada@example.com", text="Thank you")
    return RunAfterResponse({"order": 7}, task)


@app.post("/accounts")
async def add_account(request):
    tasks = BackgroundTasks()
    tasks.add(send_mail, "ada@example.com", text="Welcome")
    tasks.add(write_log, "new account")
    return TextResponse("Done", background=tasks)
