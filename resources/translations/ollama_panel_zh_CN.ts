<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_US">
<context>
    <name>Actions</name>
    <message>
        <source>Open panel</source>
        <translation>打开面板</translation>
    </message>
    <message>
        <source>Proxy on</source>
        <translation>代理开启</translation>
    </message>
    <message>
        <source>Answer clients on the panel&apos;s address; off refuses new requests</source>
        <translation>在面板的地址上响应客户端；关闭后拒绝新请求</translation>
    </message>
    <message>
        <source>Pause the queue</source>
        <translation>暂停队列</translation>
    </message>
    <message>
        <source>Requests are accepted and wait; running requests continue</source>
        <translation>照常接收请求并让其等待；正在运行的请求继续</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Start all instances</source>
        <translation>启动所有实例</translation>
    </message>
    <message>
        <source>Stop all instances</source>
        <translation>停止所有实例</translation>
    </message>
    <message>
        <source>Running requests end first; new ones wait until an instance runs again</source>
        <translation>先处理完正在运行的请求；新请求会等到实例再次运行</translation>
    </message>
    <message>
        <source>Free GPU memory</source>
        <translation>释放显存</translation>
    </message>
    <message>
        <source>Unloads every model as soon as no request uses it; the next request loads it again</source>
        <translation>卸载每个不再被请求使用的模型；下一个请求会重新加载</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>What can be done</source>
        <translation>可以怎么做</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation>隐藏此消息</translation>
    </message>
    <message>
        <source>Shows or hides the ways to change this, with their commands</source>
        <translation>显示或隐藏改变现状的办法及其命令</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>收起</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export targets</source>
        <translation>导出目标</translation>
    </message>
    <message>
        <source>Preview of the export</source>
        <translation>导出预览</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copies the whole text</source>
        <translation>复制全部文本</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Writes the text to a file</source>
        <translation>把文本写入文件</translation>
    </message>
    <message>
        <source>The settings in force, for machines where Ollama runs without the panel</source>
        <translation>当前生效的设置，可用于不经面板运行 Ollama 的机器</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Save export</source>
        <translation>保存导出</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>Throughput</source>
        <translation>吞吐量</translation>
    </message>
    <message>
        <source>Tokens that all instances generate in a second, together</source>
        <translation>所有实例每秒生成的词元总数</translation>
    </message>
    <message>
        <source>Active requests</source>
        <translation>活动请求</translation>
    </message>
    <message>
        <source>Requests that instances work on now, of all slots there are</source>
        <translation>实例正在处理的请求数与全部槽位数</translation>
    </message>
    <message>
        <source>p95 first token</source>
        <translation>首词元 p95</translation>
    </message>
    <message>
        <source>19 of 20 recent requests had their first token within this time, waiting included</source>
        <translation>最近的请求中，每 20 个有 19 个在此时间内收到首个词元（含排队时间）</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Memory that models can use, and how much of it is used</source>
        <translation>模型可用的内存，以及已使用的部分</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n 个等待</numerusform>
        </translation>
    </message>
    <message>
        <source>no queue</source>
        <translation>无排队</translation>
    </message>
    <message>
        <source>{used}, GPU {busy} busy</source>
        <translation>{used}，GPU 使用率 {busy}</translation>
    </message>
</context>
<context>
    <name>InstanceDetail</name>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Starts this instance</source>
        <translation>启动此实例</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Running requests end first; waiting ones go to other instances or wait</source>
        <translation>先处理完正在运行的请求；等待中的请求转到其他实例或继续等待</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Running requests end first, then the process is replaced</source>
        <translation>先处理完正在运行的请求，再替换进程</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Pool</source>
        <translation>池</translation>
    </message>
    <message>
        <source>Ollama version</source>
        <translation>Ollama 版本</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Process memory</source>
        <translation>进程内存</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重启次数</translation>
    </message>
    <message>
        <source>Served</source>
        <translation>已处理</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Loaded models</source>
        <translation>已加载模型</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Wanted</source>
        <translation>期望值</translation>
    </message>
    <message>
        <source>Effective</source>
        <translation>实际值</translation>
    </message>
    <message>
        <source>Read from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Log of this instance</source>
        <translation>此实例的日志</translation>
    </message>
    <message>
        <source>{source} ({name})</source>
        <translation>{source}（{name}）</translation>
    </message>
    <message>
        <source>loaded model ({name})</source>
        <translation>已加载模型（{name}）</translation>
    </message>
    <message>
        <source>This server was already running: the panel uses it, but never stops it, and cannot change its settings.</source>
        <translation>此服务器原本就在运行：面板会使用它，但绝不会停止它，也无法更改其设置。</translation>
    </message>
</context>
<context>
    <name>InstancesPage</name>
    <message>
        <source>Instances</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>No instance yet: raise Workers of a pool on the Overview page.</source>
        <translation>还没有实例：请在“总览”页调高某个池的工作进程数。</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) in flight</source>
        <translation>
            <numerusform>%n 个请求处理中</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Queue &amp; requests</source>
        <translation>队列与请求</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Open log</source>
        <translation>打开日志</translation>
    </message>
    <message>
        <source>Opens the folder with the panel&apos;s log</source>
        <translation>打开面板日志所在的文件夹</translation>
    </message>
    <message>
        <source>Restart engine</source>
        <translation>重启引擎</translation>
    </message>
    <message>
        <source>Starts a new engine; instances start again</source>
        <translation>启动新的引擎；实例会重新启动</translation>
    </message>
    <message>
        <source>Install Ollama</source>
        <translation>安装 Ollama</translation>
    </message>
    <message>
        <source>Opens {url} in your browser</source>
        <translation>在浏览器中打开 {url}</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1 分钟</translation>
    </message>
    <message>
        <source>10 min</source>
        <translation>10 分钟</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>Time range of the charts</source>
        <translation>图表时间范围</translation>
    </message>
    <message>
        <source>How far back the charts look</source>
        <translation>图表显示的时间范围</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>The one address for all clients; click to copy it</source>
        <translation>所有客户端共用的地址；点击复制</translation>
    </message>
    <message>
        <source>Add pool</source>
        <translation>添加池</translation>
    </message>
    <message>
        <source>Adds a pool with its own role, workers and settings</source>
        <translation>添加一个池，有自己的角色、工作进程和设置</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Running requests end first; new ones wait until an instance runs again</source>
        <translation>先处理完正在运行的请求；新请求会等到实例再次运行</translation>
    </message>
    <message>
        <source>Stop all</source>
        <translation>全部停止</translation>
    </message>
    <message>
        <source>Start all</source>
        <translation>全部启动</translation>
    </message>
    <message>
        <source>Starts every managed instance that is stopped</source>
        <translation>启动所有已停止的受管实例</translation>
    </message>
    <message>
        <source>No instance yet: raise Workers in a pool, and press Apply.</source>
        <translation>还没有实例：调高某个池的工作进程数，然后点击“应用”。</translation>
    </message>
    <message>
        <source>The engine has stopped</source>
        <translation>引擎已停止</translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s) cannot run</source>
        <translation>
            <numerusform>%n 个实例无法运行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Requests stand still at %n instance(s)</source>
        <translation>
            <numerusform>%n 个实例上的请求停滞不前</numerusform>
        </translation>
    </message>
    <message>
        <source>The proxy is off: clients are not answered</source>
        <translation>代理已关闭：客户端得不到响应</translation>
    </message>
    <message>
        <source>No instance runs yet; requests wait until one does</source>
        <translation>尚无实例运行；请求会等到有实例为止</translation>
    </message>
    <message numerus="yes">
        <source>The queue is paused: %n request(s) wait</source>
        <translation>
            <numerusform>队列已暂停：%n 个请求等待</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait for a free slot</source>
        <translation>
            <numerusform>%n 个请求在等待空闲槽位</numerusform>
        </translation>
    </message>
    <message>
        <source>Some workers cannot read the folder of their models</source>
        <translation>有些工作进程无法读取其模型文件夹</translation>
    </message>
    <message>
        <source>The pools cannot serve: their workers have no models</source>
        <translation>池无法提供服务：其工作进程没有模型</translation>
    </message>
    <message>
        <source>Some models are with another server alone</source>
        <translation>有些模型只在另一个服务器上</translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s) are stopped</source>
        <translation>
            <numerusform>%n 个实例已停止</numerusform>
        </translation>
    </message>
    <message>
        <source>Everything is running normally</source>
        <translation>一切运行正常</translation>
    </message>
    <message>
        <source>not serving</source>
        <translation>未提供服务</translation>
    </message>
</context>
<context>
    <name>PoolCard</name>
    <message>
        <source>{name} pool</source>
        <translation>{name} 池</translation>
    </message>
    <message>
        <source>More settings of {name}</source>
        <translation>{name} 的更多设置</translation>
    </message>
    <message>
        <source>Role, models and environment of this pool; Apply puts them in force</source>
        <translation>此池的角色、模型和环境变量；点击“应用”后生效</translation>
    </message>
    <message>
        <source>Memory fit</source>
        <translation>内存需求</translation>
    </message>
    <message>
        <source>Revert</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Resets the sliders to the settings in force</source>
        <translation>把滑块恢复到当前生效的设置</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Remove the pool {name}?</source>
        <translation>移除池 {name}？</translation>
    </message>
    <message>
        <source>Its instances stop when their requests have ended. Its settings are forgotten.</source>
        <translation>其实例会在请求处理完后停止，其设置将被删除。</translation>
    </message>
    <message>
        <source>Remove pool</source>
        <translation>移除池</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>{busy} of {slots} slots busy</source>
        <translation>{slots} 个槽位中 {busy} 个占用中</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n 个等待</numerusform>
        </translation>
    </message>
    <message>
        <source>Applying…</source>
        <translation>正在应用…</translation>
    </message>
    <message>
        <source>Nothing has changed</source>
        <translation>没有改动</translation>
    </message>
</context>
<context>
    <name>PoolDialog</name>
    <message>
        <source>New pool</source>
        <translation>新建池</translation>
    </message>
    <message>
        <source>{name} pool</source>
        <translation>{name} 池</translation>
    </message>
    <message>
        <source>any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Available: {known}</source>
        <translation>现有：{known}</translation>
    </message>
    <message>
        <source>One variable per line, NAME=value.</source>
        <translation>每行一个变量，NAME=value。</translation>
    </message>
    <message>
        <source>Remove pool</source>
        <translation>移除池</translation>
    </message>
    <message>
        <source>Its instances stop when their requests have ended</source>
        <translation>其实例会在请求处理完后停止</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Changes nothing</source>
        <translation>不做任何更改</translation>
    </message>
    <message>
        <source>Add pool</source>
        <translation>添加池</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Starts the pool</source>
        <translation>启动此池</translation>
    </message>
    <message>
        <source>Keeps these values; Apply puts them in force</source>
        <translation>采用这些值；点击“应用”后生效</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Vision</source>
        <translation>视觉</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批处理</translation>
    </message>
    <message>
        <source>Line {number} is not NAME=value.</source>
        <translation>第 {number} 行不是 NAME=value 的形式。</translation>
    </message>
</context>
<context>
    <name>QAbstractFileIconProvider</name>
    <message>
        <source>Drive</source>
        <translation>驱动器</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>%1 File</source>
        <translation>%1 文件</translation>
    </message>
    <message>
        <source>File Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Alias</source>
        <translation>替身</translation>
    </message>
    <message>
        <source>Shortcut</source>
        <translation>快捷方式</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <translation>查找范围(&amp;I)：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>RequestsPage</name>
    <message>
        <source>Queue &amp; requests</source>
        <translation>队列与请求</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>{waiting} waiting, {running} in flight</source>
        <translation>{waiting} 个等待，{running} 个处理中</translation>
    </message>
    <message>
        <source>{served} served, {failed} failed, {refused} refused since the start</source>
        <translation>启动以来处理 {served}，失败 {failed}，拒绝 {refused}</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Waiting and running</source>
        <translation>等待和运行中</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Which requests to show</source>
        <translation>显示哪些请求</translation>
    </message>
    <message>
        <source>Which requests the table shows</source>
        <translation>表格显示哪些请求</translation>
    </message>
    <message>
        <source>Cancel request</source>
        <translation>取消请求</translation>
    </message>
    <message>
        <source>Ends the chosen request; its client gets an error (Del)</source>
        <translation>终止所选请求，其客户端会收到错误（Del）</translation>
    </message>
    <message>
        <source>the panel&apos;s address</source>
        <translation>面板地址</translation>
    </message>
    <message>
        <source>No request yet. Point a client at {address}, for example: OLLAMA_HOST={address} ollama run …</source>
        <translation>还没有请求。请让客户端连接 {address}，例如：OLLAMA_HOST={address} ollama run …</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Ollama is simulated</source>
        <translation>Ollama 为模拟</translation>
    </message>
    <message>
        <source>Ollama was not found: enter its location below</source>
        <translation>未找到 Ollama：请在下方填写其位置</translation>
    </message>
    <message>
        <source>Ollama {version} at {path}</source>
        <translation>Ollama {version}，位于 {path}</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>found automatically</source>
        <translation>自动查找</translation>
    </message>
    <message>
        <source>Ollama&apos;s default</source>
        <translation>Ollama 默认值</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Choose the models folder</source>
        <translation>选择模型文件夹</translation>
    </message>
    <message>
        <source>Choose the Ollama program</source>
        <translation>选择 Ollama 程序</translation>
    </message>
    <message>
        <source>Revert</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Resets the forms to the settings in force</source>
        <translation>把表单恢复到当前生效的设置</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Applies the forms, as described on the left</source>
        <translation>按左侧说明应用表单</translation>
    </message>
    <message>
        <source>Applying…</source>
        <translation>正在应用…</translation>
    </message>
    <message>
        <source>Nothing has changed</source>
        <translation>没有改动</translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>Still serving. Open or quit the panel from this icon.</source>
        <translation>仍在提供服务。可通过此图标打开或退出面板。</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) are still being served.</source>
        <translation>
            <numerusform>还有 %n 个请求正在处理。</numerusform>
        </translation>
    </message>
    <message>
        <source>The panel can let them end first; nothing new is accepted meanwhile.</source>
        <translation>面板可以先让它们处理完；期间不接受新请求。</translation>
    </message>
    <message>
        <source>Finish and quit</source>
        <translation>处理完再退出</translation>
    </message>
    <message>
        <source>Quit at once</source>
        <translation>立即退出</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>继续运行</translation>
    </message>
    <message>
        <source>Close the panel?</source>
        <translation>关闭面板？</translation>
    </message>
    <message>
        <source>This desktop has no tray, so the panel cannot run in the background. Quitting stops its instances.</source>
        <translation>此桌面没有系统托盘，面板无法在后台运行。退出会停止其实例。</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Minimise</source>
        <translation>最小化</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Serving on</source>
        <translation>服务地址</translation>
    </message>
    <message>
        <source>Not serving</source>
        <translation>未提供服务</translation>
    </message>
    <message>
        <source>the proxy is off</source>
        <translation>代理已关闭</translation>
    </message>
    <message>
        <source>the engine has stopped</source>
        <translation>引擎已停止</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Proxy, instances, memory, quit</source>
        <translation>代理、实例、内存、退出</translation>
    </message>
    <message>
        <source>{page} ({keys})</source>
        <translation>{page}（{keys}）</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Copy the address that clients use</source>
        <translation>复制客户端使用的地址</translation>
    </message>
</context>
<context>
    <name>TimeLine</name>
    <message>
        <source>waited</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>to the first token</source>
        <translation>至首词元</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>响应</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>时间线</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>{running} of {all} instances running, {waiting} waiting</source>
        <translation>{all} 个实例中 {running} 个运行，{waiting} 个请求等待</translation>
    </message>
</context>
<context>
    <name>Trends</name>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>in flight</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>slots</source>
        <translation>槽位</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>吞吐量</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Memory, GiB</source>
        <translation>内存（GiB）</translation>
    </message>
    <message>
        <source>used</source>
        <translation>已用</translation>
    </message>
    <message>
        <source>all</source>
        <translation>总量</translation>
    </message>
</context>
<context>
    <name>Ways</name>
    <message>
        <source>Copy {command}</source>
        <translation>复制 {command}</translation>
    </message>
    <message>
        <source>Copies the command to the clipboard</source>
        <translation>把命令复制到剪贴板</translation>
    </message>
</context>
<context>
    <name>fit</name>
    <message>
        <source>no model known yet</source>
        <translation>尚无已知模型</translation>
    </message>
    <message>
        <source>Pull a model to see its size.</source>
        <translation>拉取一个模型后即可看到其大小。</translation>
    </message>
    <message>
        <source>The server does not report enough about this pool&apos;s models.</source>
        <translation>服务器没有报告此池模型的足够信息。</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>other pools</source>
        <translation>其他池</translation>
    </message>
    <message>
        <source>other servers</source>
        <translation>其他服务器</translation>
    </message>
    <message>
        <source>other programs</source>
        <translation>其他程序</translation>
    </message>
    <message>
        <source>no workers</source>
        <translation>没有工作进程</translation>
    </message>
    <message>
        <source>as the driver says</source>
        <translation>依据驱动程序</translation>
    </message>
    <message>
        <source>as Ollama&apos;s log says</source>
        <translation>依据 Ollama 的日志</translation>
    </message>
    <message>
        <source>what macOS lends the GPU</source>
        <translation>macOS 借给 GPU 的部分</translation>
    </message>
    <message>
        <source>as set by iogpu.wired_limit_mb</source>
        <translation>由 iogpu.wired_limit_mb 设定</translation>
    </message>
    <message>
        <source>the main memory, as models run on the CPU</source>
        <translation>主内存，因为模型在 CPU 上运行</translation>
    </message>
    <message>
        <source>{models}: only on another server. Until the workers can read them, this pool cannot serve.</source>
        <translation>{models}：只在另一台服务器上。在工作进程能够读取它们之前，此池无法提供服务。</translation>
    </message>
    <message>
        <source>its workers have no model</source>
        <translation>其工作进程没有模型</translation>
    </message>
    <message>
        <source>{size} too much</source>
        <translation>超出 {size}</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>偏紧</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>可容纳</translation>
    </message>
    <message>
        <source>{name}: {parallel} x {context} tokens in each worker</source>
        <translation>{name}：每个工作进程 {parallel} × {context} 词元</translation>
    </message>
    <message>
        <source>{name}: no context is longer than the {context} tokens that it was trained with.</source>
        <translation>{name}：上下文不会超过训练时的 {context} 词元。</translation>
    </message>
    <message>
        <source>Models may use {size}: {source}.</source>
        <translation>模型可用 {size}：{source}。</translation>
    </message>
    <message>
        <source>Another {size} should stay free.</source>
        <translation>另外应留出 {size} 空闲。</translation>
    </message>
</context>
<context>
    <name>format</name>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
</context>
<context>
    <name>instances</name>
    <message>
        <source>no model loaded</source>
        <translation>未加载模型</translation>
    </message>
    <message>
        <source>{models}: no answer</source>
        <translation>{models}：无应答</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Slots in use</source>
        <translation>占用槽位</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
</context>
<context>
    <name>notices</name>
    <message>
        <source>It said: &quot;{line}&quot;.</source>
        <translation>其输出为：“{line}”。</translation>
    </message>
    <message>
        <source>{model} is reloaded again and again: {asking} asked for a longer context than {own:count} tokens, and {silent} cannot ask for one. {advice}</source>
        <translation>{model} 被反复重新加载：{asking} 要求的上下文超过 {own:count} 个词元，而 {silent} 无法提出要求。{advice}</translation>
    </message>
    <message>
        <source>{model} is reloaded again and again: {asking} asked for a longer context than the default, and {silent} cannot ask for one. {advice}</source>
        <translation>{model} 被反复重新加载：{asking} 要求的上下文超过默认值，而 {silent} 无法提出要求。{advice}</translation>
    </message>
    <message>
        <source>Paused by the user.</source>
        <translation>已由用户暂停。</translation>
    </message>
    <message>
        <source>No Ollama instance is running.</source>
        <translation>没有正在运行的 Ollama 实例。</translation>
    </message>
    <message>
        <source>{instance} is not answering yet.</source>
        <translation>{instance} 尚未响应。</translation>
    </message>
    <message>
        <source>{instances} are not answering yet.</source>
        <translation>{instances} 均尚未响应。</translation>
    </message>
    <message>
        <source>{instance} takes no new requests before its restart.</source>
        <translation>{instance} 即将重启，不再接收新请求。</translation>
    </message>
    <message>
        <source>{instances} take no new requests before their restarts.</source>
        <translation>{instances} 即将重启，均不再接收新请求。</translation>
    </message>
    <message>
        <source>{model} is being loaded at {instances}.</source>
        <translation>正在 {instances} 上加载 {model}。</translation>
    </message>
    <message>
        <source>{loading} is being loaded; {model} comes next.</source>
        <translation>正在加载 {loading}，接下来加载 {model}。</translation>
    </message>
    <message>
        <source>{instance} failed several times; no requests go there until it is tried again.</source>
        <translation>{instance} 已多次失败；再次尝试之前不向其发送请求。</translation>
    </message>
    <message>
        <source>{instances} failed several times; no requests go there until they are tried again.</source>
        <translation>{instances} 均已多次失败；再次尝试之前不向其发送请求。</translation>
    </message>
    <message>
        <source>The one slot of {model} is taken.</source>
        <translation>{model} 唯一的槽位已被占用。</translation>
    </message>
    <message>
        <source>All {slots:count} slots of {model} are taken.</source>
        <translation>{model} 的 {slots:count} 个槽位均已被占用。</translation>
    </message>
    <message>
        <source>{taken} There is no memory left for it at {instances}.</source>
        <translation>{taken}{instances} 上已没有内存可用于该模型。</translation>
    </message>
    <message>
        <source>{model} waits for other models to make room in memory.</source>
        <translation>{model} 正在等待其他模型腾出内存。</translation>
    </message>
    <message>
        <source>{model} runs with a context of {tokens:count} tokens; this request needs {needed:count} and waits for its turn.</source>
        <translation>{model} 正以 {tokens:count} 个词元的上下文运行；此请求需要 {needed:count} 个，正在等待轮到自己。</translation>
    </message>
    <message>
        <source>{model} runs with a context of {tokens:count} tokens; this request cannot ask for one and waits for its turn.</source>
        <translation>{model} 正以 {tokens:count} 个词元的上下文运行；此请求无法自行指定上下文，正在等待轮到自己。</translation>
    </message>
    <message>
        <source>{model} runs with its own context; this request needs {needed:count} tokens and waits for its turn.</source>
        <translation>{model} 正以自己的上下文运行；此请求需要 {needed:count} 个词元，正在等待轮到自己。</translation>
    </message>
    <message>
        <source>{model} runs with its own context; this request cannot ask for one and waits for its turn.</source>
        <translation>{model} 正以自己的上下文运行；此请求无法自行指定上下文，正在等待轮到自己。</translation>
    </message>
    <message>
        <source>Tried again in {seconds:seconds}: {cause}</source>
        <translation>{seconds:seconds}后重试：{cause}</translation>
    </message>
    <message>
        <source>A chat goes first.</source>
        <translation>聊天优先。</translation>
    </message>
    <message>
        <source>Instance {instance} is gone.</source>
        <translation>实例 {instance} 已不存在。</translation>
    </message>
    <message>
        <source>{model} was still not loaded at {instance}.</source>
        <translation>{model} 在 {instance} 上仍未加载完成。</translation>
    </message>
    <message>
        <source>The client left.</source>
        <translation>客户端已离开。</translation>
    </message>
    <message>
        <source>Everybody who can reach the proxy can use and change your models without a key.</source>
        <translation>任何能访问代理的人无需密钥即可使用和更改您的模型。</translation>
    </message>
    <message>
        <source>The proxy wants API keys, but there is none: nobody can use it until ollama-panel keys add NAME makes one.</source>
        <translation>代理需要 API 密钥，但尚未创建任何密钥：在用 ollama-panel keys add NAME 创建之前，无人可以使用。</translation>
    </message>
    <message>
        <source>{model}: a prompt of {tokens:count} tokens of {client} was cut to {kept:count}. {advice}</source>
        <translation>{model}：{client} 的一个提示词（{tokens:count} 个词元）被截断为 {kept:count} 个词元。{advice}</translation>
    </message>
    <message>
        <source>{model}: a prompt of {client} was cut to {kept:count} tokens. {advice}</source>
        <translation>{model}：{client} 的一个提示词被截断为 {kept:count} 个词元。{advice}</translation>
    </message>
    <message>
        <source>{model}: a prompt of {tokens:count} tokens of {client} was cut. {advice}</source>
        <translation>{model}：{client} 的一个提示词（{tokens:count} 个词元）被截断。{advice}</translation>
    </message>
    <message>
        <source>{model}: a prompt of {client} was cut. {advice}</source>
        <translation>{model}：{client} 的一个提示词被截断。{advice}</translation>
    </message>
    <message>
        <source>{model}: Ollama has probably left out earlier messages of {client}, too long for {tokens:count} tokens. {advice}</source>
        <translation>{model}：{client} 较早的消息超出 {tokens:count} 个词元，Ollama 可能已将其省略。{advice}</translation>
    </message>
    <message>
        <source>{cut} So far {times:count} prompts for {model} were cut.</source>
        <translation>{cut}到目前为止，{model} 已有 {times:count} 个提示词被截断。</translation>
    </message>
    <message>
        <source>Raise the context of its pool.</source>
        <translation>请增大其池的上下文。</translation>
    </message>
    <message>
        <source>Raise OLLAMA_CONTEXT_LENGTH of that server.</source>
        <translation>请增大该服务器的 OLLAMA_CONTEXT_LENGTH。</translation>
    </message>
    <message>
        <source>The model was trained for no more.</source>
        <translation>该模型的训练上下文仅此长度。</translation>
    </message>
    <message>
        <source>Its pool has more: the client asked for less itself.</source>
        <translation>其池的上下文更长：是客户端自己要求了更短的上下文。</translation>
    </message>
    <message>
        <source>The model&apos;s own num_ctx limits it: set a longer one there.</source>
        <translation>受模型自身的 num_ctx 限制：请在模型文件中设置更大的值。</translation>
    </message>
    <message>
        <source>{client} ({tokens:count})</source>
        <translation>{client}（{tokens:count}）</translation>
    </message>
    <message>
        <source>other clients</source>
        <translation>其他客户端</translation>
    </message>
    <message>
        <source>Set a longer num_ctx in the model&apos;s own file.</source>
        <translation>请在模型文件中设置更大的 num_ctx。</translation>
    </message>
    <message>
        <source>Raise the context of its pool to {tokens:count} tokens, and one load serves all.</source>
        <translation>将其池的上下文增大到 {tokens:count} 个词元，只需加载一次即可满足所有请求。</translation>
    </message>
    <message>
        <source>{tokens:count} tokens do not fit into memory: lower the parallel requests, or ask for less.</source>
        <translation>内存放不下 {tokens:count} 个词元：请减少并行请求数，或请求更短的上下文。</translation>
    </message>
    <message>
        <source>The queue is full: {waiting:count} waiting. Try again later, or raise the queue limit.</source>
        <translation>队列已满：有 {waiting:count} 个请求在等待。请稍后重试，或调高队列上限。</translation>
    </message>
    <message>
        <source>The queue is full: {waiting:count} waiting, {size:bytes} together. Try again later, or send shorter requests.</source>
        <translation>队列已满：有 {waiting:count} 个请求在等待，共 {size:bytes}。请稍后重试，或发送更短的请求。</translation>
    </message>
    <message>
        <source>No Ollama instance is running. Start one in the panel, or raise the number of workers of a pool.</source>
        <translation>没有正在运行的 Ollama 实例。请在面板中启动一个，或调高某个池的工作进程数。</translation>
    </message>
    <message>
        <source>A context of {tokens:count} tokens for {model} does not fit into this machine&apos;s memory; at most {longest:count} do. Ask for a smaller num_ctx, or lower the parallel requests of the pool.</source>
        <translation>{model} 的 {tokens:count} 个词元的上下文超出本机内存；最多可容纳 {longest:count} 个。请使用较小的 num_ctx，或减少池的并行请求数。</translation>
    </message>
    <message>
        <source>The request was cancelled in Ollama Panel.</source>
        <translation>请求已在 Ollama Panel 中取消。</translation>
    </message>
    <message>
        <source>Request {request} is already under way. Give every request an id of its own.</source>
        <translation>请求 {request} 已在处理中。请为每个请求使用各自的 ID。</translation>
    </message>
    <message>
        <source>Ollama failed: {cause}</source>
        <translation>Ollama 失败：{cause}</translation>
    </message>
    <message>
        <source>Ollama could not answer in {tries:count} attempts: {cause}</source>
        <translation>Ollama 在 {tries:count} 次尝试中均未能应答：{cause}</translation>
    </message>
    <message>
        <source>The attempt failed ({kind}).</source>
        <translation>此次尝试失败（{kind}）。</translation>
    </message>
    <message>
        <source>The instance answered with the error &quot;{error}&quot;.</source>
        <translation>实例返回错误“{error}”。</translation>
    </message>
    <message>
        <source>There is no connection to the instance: &quot;{reason}&quot;.</source>
        <translation>无法连接到实例：“{reason}”。</translation>
    </message>
    <message>
        <source>The instance did not accept a connection in time.</source>
        <translation>实例未能及时接受连接。</translation>
    </message>
    <message>
        <source>The instance closed the connection without an answer.</source>
        <translation>实例未应答就关闭了连接。</translation>
    </message>
    <message>
        <source>The instance closed the connection without an answer: &quot;{reason}&quot;.</source>
        <translation>实例未应答就关闭了连接：“{reason}”。</translation>
    </message>
    <message>
        <source>The instance broke off its answer.</source>
        <translation>实例中断了应答。</translation>
    </message>
    <message>
        <source>The instance broke off its answer: &quot;{reason}&quot;.</source>
        <translation>实例中断了应答：“{reason}”。</translation>
    </message>
    <message>
        <source>The instance&apos;s answer ended before its final event.</source>
        <translation>实例的应答在最后一个事件之前就结束了。</translation>
    </message>
    <message>
        <source>The instance&apos;s answer is not valid HTTP: &quot;{reason}&quot;.</source>
        <translation>实例的应答不是有效的 HTTP：“{reason}”。</translation>
    </message>
    <message>
        <source>The instance&apos;s headers are too long.</source>
        <translation>实例的应答头过长。</translation>
    </message>
    <message>
        <source>It took longer than the panel&apos;s limit of {limit:number} s.</source>
        <translation>耗时超过了面板的上限 {limit:number} 秒。</translation>
    </message>
    <message>
        <source>{instance} answered with the status {status}; the client has its error.</source>
        <translation>{instance} 应答的状态码为 {status}；客户端已收到该错误。</translation>
    </message>
    <message>
        <source>{method} {path} is switched off in this panel&apos;s settings.</source>
        <translation>{method} {path} 已在此面板的设置中关闭。</translation>
    </message>
    <message>
        <source>This is not a valid HTTP request: &quot;{reason}&quot;.</source>
        <translation>这不是有效的 HTTP 请求：“{reason}”。</translation>
    </message>
    <message>
        <source>This is not a valid HTTP request.</source>
        <translation>这不是有效的 HTTP 请求。</translation>
    </message>
    <message>
        <source>No slot became free within {waited:seconds}. Try again later, or raise the longest wait in the panel&apos;s settings.</source>
        <translation>{waited:seconds}内没有空出槽位。请稍后重试，或在面板的设置中延长最长等待时间。</translation>
    </message>
    <message>
        <source>A mistake in the settings file leaves out the pool for this request, which waits until it is corrected.</source>
        <translation>设置文件中有错误，此请求所需的池因此被忽略；请求会等到错误改正。</translation>
    </message>
    <message>
        <source>{instance} is stopped: this request waits until you start it.</source>
        <translation>{instance} 已停止：此请求会等到您启动它。</translation>
    </message>
    <message>
        <source>{instances} are stopped: this request waits until you start one of them.</source>
        <translation>{instances} 已停止：此请求会等到您启动其中一个。</translation>
    </message>
    <message>
        <source>The client took nothing of its answer for {limit:seconds}, and was cut off.</source>
        <translation>客户端在 {limit:seconds}内没有读取回答的任何内容，已被断开。</translation>
    </message>
    <message>
        <source>The queue is full: {waiting:count} waiting. This client has the most requests in it; this one was pushed out for another client&apos;s. Try again later, or send fewer requests at once.</source>
        <translation>队列已满：{waiting:count} 个请求在等待，其中此客户端的最多；这个请求已被移出，为另一客户端的请求让位。请稍后重试，或减少同时发送的请求。</translation>
    </message>
    <message>
        <source>The queue is full: {waiting:count} waiting, {size:bytes} together. Most of that is this client&apos;s; this one was pushed out for another client&apos;s. Try again later, or send shorter requests, or fewer at once.</source>
        <translation>队列已满：{waiting:count} 个请求在等待，共 {size:bytes}，其中大部分属于此客户端；这个请求已被移出，为另一客户端的请求让位。请稍后重试，或发送更短或更少的请求。</translation>
    </message>
    <message>
        <source>A mistake in the settings file leaves out the pool for this request. Correct it; ollama-panel status says where it is.</source>
        <translation>设置文件中有错误，此请求所需的池因此被忽略。请改正；ollama-panel status 会指出位置。</translation>
    </message>
    <message>
        <source>No worker that may answer this request is running: {instances}. Start one in the panel, or see in its log why it does not run.</source>
        <translation>可以回答此请求的工作进程都没有运行：{instances}。请在面板中启动一个，或在其日志中查看为何没有运行。</translation>
    </message>
    <message>
        <source>No worker may answer this request: the pool {pool} has 0 workers. Give it one in the panel, or by ollama-panel settings set pools.{pool}.workers 1.</source>
        <translation>没有工作进程可以回答此请求：池 {pool} 的工作进程数为 0。请在面板中为它设置一个，或运行 ollama-panel settings set pools.{pool}.workers 1。</translation>
    </message>
    <message>
        <source>No worker may answer this request: the pools {pools} have 0 workers. Give one of them a worker in the panel.</source>
        <translation>没有工作进程可以回答此请求：池 {pools} 的工作进程数都为 0。请在面板中为其中一个设置工作进程。</translation>
    </message>
    <message>
        <source>No worker may answer this request: there are only workers for embeddings. Add a pool for chats in the panel, or let chats use these: ollama-panel settings set scheduling.chats_on_embedding on.</source>
        <translation>没有工作进程可以回答此请求：只有用于嵌入的工作进程。请在面板中添加一个用于聊天的池，或允许聊天使用它们：ollama-panel settings set scheduling.chats_on_embedding on。</translation>
    </message>
    <message>
        <source>Too many connections from {client}: close some, or raise the limit in the panel&apos;s settings.</source>
        <translation>来自 {client} 的连接过多：请关闭一些，或在面板的设置中调高上限。</translation>
    </message>
    <message>
        <source>The API key {key} does not open this: it needs the scope {scope}.</source>
        <translation>API 密钥 {key} 无权执行此操作：需要权限 {scope}。</translation>
    </message>
    <message>
        <source>Web pages of other origins get nothing from the panel&apos;s own API.</source>
        <translation>面板自身的 API 不对其他来源的网页开放。</translation>
    </message>
    <message>
        <source>The panel speaks HTTP/1.0 and 1.1 only: use one of them.</source>
        <translation>面板只支持 HTTP/1.0 和 1.1：请使用其中之一。</translation>
    </message>
    <message>
        <source>HTTP/1.0 has no Transfer-Encoding: send Content-Length, or use HTTP/1.1.</source>
        <translation>HTTP/1.0 没有 Transfer-Encoding：请发送 Content-Length，或使用 HTTP/1.1。</translation>
    </message>
    <message>
        <source>The panel is no tunnel to other hosts: send it the request itself.</source>
        <translation>面板不能作为通往其他主机的隧道：请直接向它发送请求。</translation>
    </message>
    <message>
        <source>The request needs exactly one Host header.</source>
        <translation>请求必须恰好有一个 Host 头。</translation>
    </message>
    <message>
        <source>The panel cannot meet Expect: {expected}.</source>
        <translation>面板无法满足 Expect: {expected}。</translation>
    </message>
    <message>
        <source>The request has too many headers, or a header or a path beyond {limit:bytes}.</source>
        <translation>请求头过多，或某个请求头或路径超过 {limit:bytes}。</translation>
    </message>
    <message>
        <source>The request&apos;s headers are longer than {limit:bytes} together.</source>
        <translation>所有请求头合计超过 {limit:bytes}。</translation>
    </message>
    <message>
        <source>The request&apos;s headers did not come in time.</source>
        <translation>请求头未能及时到达。</translation>
    </message>
    <message>
        <source>The request body is longer than {limit:bytes}, the panel&apos;s limit.</source>
        <translation>请求体超过面板的上限 {limit:bytes}。</translation>
    </message>
    <message>
        <source>The request body came too slowly, or nothing of it for {limit:number} s.</source>
        <translation>请求体到达过慢，或在 {limit:number} 秒内没有任何数据。</translation>
    </message>
    <message>
        <source>The request body is not valid HTTP: &quot;{reason}&quot;.</source>
        <translation>请求体不是有效的 HTTP：“{reason}”。</translation>
    </message>
    <message>
        <source>The request body is not valid HTTP: its framing is broken.</source>
        <translation>请求体不是有效的 HTTP：其分帧已损坏。</translation>
    </message>
    <message>
        <source>The panel holds {size:bytes} of other request bodies and has no room for more. Try again later, or send shorter requests.</source>
        <translation>面板已保存其他请求的请求体共 {size:bytes}，没有空间容纳更多。请稍后重试，或发送更短的请求。</translation>
    </message>
    <message>
        <source>The panel cannot keep the request body in its temporary folder: &quot;{reason}&quot;. Try again later, or make room there (TMPDIR).</source>
        <translation>面板无法把请求体存入其临时文件夹：“{reason}”。请稍后重试，或在该文件夹（TMPDIR）中腾出空间。</translation>
    </message>
    <message>
        <source>The panel has no {path}; it has {paths}.</source>
        <translation>面板没有 {path}；可用的有 {paths}。</translation>
    </message>
    <message>
        <source>{path} takes {methods} only.</source>
        <translation>{path} 只接受 {methods}。</translation>
    </message>
    <message>
        <source>The body has the name {name} twice in one object.</source>
        <translation>请求体的同一对象中名称 {name} 出现了两次。</translation>
    </message>
    <message>
        <source>The body is not what this takes: {reason}.</source>
        <translation>请求体不符合要求：{reason}。</translation>
    </message>
    <message>
        <source>The body must be JSON, with Content-Type: application/json, not {given}.</source>
        <translation>请求体必须是 JSON，并带有 Content-Type: application/json，而不是 {given}。</translation>
    </message>
    <message>
        <source>The parameters are not what this takes: {reason}.</source>
        <translation>参数不符合要求：{reason}。</translation>
    </message>
    <message>
        <source>{name} {wrong}</source>
        <translation>{name} {wrong}</translation>
    </message>
    <message>
        <source>it has no {name}, only {known}</source>
        <translation>没有 {name}，只有 {known}</translation>
    </message>
    <message>
        <source>it has none, and no {name}</source>
        <translation>不接受任何参数，也没有 {name}</translation>
    </message>
    <message>
        <source>it needs {names}</source>
        <translation>需要 {names}</translation>
    </message>
    <message>
        <source>The parameter {name} is given twice.</source>
        <translation>参数 {name} 给出了两次。</translation>
    </message>
    <message>
        <source>The process of {instance} for {model} does not answer: restart {instance}.</source>
        <translation>{instance} 运行 {model} 的进程没有响应：请重启 {instance}。</translation>
    </message>
    <message>
        <source>The processes of {instances} for {model} do not answer: restart these instances.</source>
        <translation>{instances} 运行 {model} 的进程没有响应：请重启这些实例。</translation>
    </message>
    <message>
        <source>This panel wants an API key that it knows: send it as Authorization: Bearer KEY.</source>
        <translation>此面板需要一个它认得的 API 密钥：请以 Authorization: Bearer KEY 发送。</translation>
    </message>
    <message>
        <source>The body cannot be read: {cause}</source>
        <translation>无法读取请求体：{cause}</translation>
    </message>
    <message>
        <source>It has been changed since it was read: read it again, and change that.</source>
        <translation>读取之后已有更改：请重新读取后再更改。</translation>
    </message>
    <message>
        <source>There is no request {request}, or it ended long ago.</source>
        <translation>没有请求 {request}，或者它早已结束。</translation>
    </message>
    <message>
        <source>Request {request} has ended already: {state}.</source>
        <translation>请求 {request} 已经结束：{state}。</translation>
    </message>
    <message>
        <source>The panel failed at this request; its log says why.</source>
        <translation>面板处理此请求时出错；原因见其日志。</translation>
    </message>
    <message>
        <source>{first} {then}</source>
        <translation>{first}{then}</translation>
    </message>
    <message>
        <source>{where}: {what}</source>
        <translation>{where}：{what}</translation>
    </message>
    <message>
        <source>proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>instances</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>workers</source>
        <translation>工作进程</translation>
    </message>
    <message>
        <source>It was running already: its environment is not the panel&apos;s to change.</source>
        <translation>它原本就在运行：面板不会更改它的环境。</translation>
    </message>
    <message>
        <source>{name} (process {pid})</source>
        <translation>{name}（进程 {pid}）</translation>
    </message>
    <message>
        <source>process {pid}</source>
        <translation>进程 {pid}</translation>
    </message>
    <message>
        <source>another program</source>
        <translation>其他程序</translation>
    </message>
    <message>
        <source>Other machines reach the panel at {urls}.</source>
        <translation>其他计算机可通过 {urls} 访问本程序。</translation>
    </message>
    <message>
        <source>Ollama runs embedding models one request at a time; add workers instead.</source>
        <translation>Ollama 对嵌入模型一次只处理一个请求；请改为增加工作进程。</translation>
    </message>
    <message>
        <source>Ollama runs safetensors (MLX) models one request at a time; add workers instead.</source>
        <translation>Ollama 对 safetensors（MLX）模型一次只处理一个请求；请改为增加工作进程。</translation>
    </message>
    <message>
        <source>Ollama runs the {family} family one request at a time; add workers instead.</source>
        <translation>Ollama 对 {family} 系列模型一次只处理一个请求；请改为增加工作进程。</translation>
    </message>
    <message>
        <source>Starting {instance}.</source>
        <translation>正在启动 {instance}。</translation>
    </message>
    <message>
        <source>Restarting {instance}: {changes}.</source>
        <translation>正在重启 {instance}：{changes}。</translation>
    </message>
    <message>
        <source>Restarting {instance} when its running request has ended: {changes}.</source>
        <translation>待 {instance} 上正在运行的请求处理完后重启：{changes}。</translation>
    </message>
    <message>
        <source>Restarting {instance} when its {requests:count} running requests have ended: {changes}.</source>
        <translation>待 {instance} 上正在运行的 {requests:count} 个请求处理完后重启：{changes}。</translation>
    </message>
    <message>
        <source>{number:count} of {all:count}: {what}</source>
        <translation>第 {number:count} 个，共 {all:count} 个：{what}</translation>
    </message>
    <message>
        <source>Stopping {instance} when its requests have ended.</source>
        <translation>待 {instance} 的请求处理完后停止。</translation>
    </message>
    <message>
        <source>{instances}: restarted one after the other, without losing a request ({changes}).</source>
        <translation>{instances}：将逐个重启，不会丢失请求（{changes}）。</translation>
    </message>
    <message>
        <source>{instance}: restarted, without losing a request ({changes}).</source>
        <translation>{instance}：将重启，不会丢失请求（{changes}）。</translation>
    </message>
    <message>
        <source>{instances}: started.</source>
        <translation>{instances}：将启动。</translation>
    </message>
    <message>
        <source>{instances}: stopped when the running requests have ended.</source>
        <translation>{instances}：待正在运行的请求处理完后停止。</translation>
    </message>
    <message>
        <source>Chats and completions are refused, also those that wait: no worker is left that may answer them.</source>
        <translation>聊天和补全请求会被拒绝，包括正在等待的：没有剩下可以回答它们的工作进程。</translation>
    </message>
    <message>
        <source>Chats and completions are refused, also those that wait, unless an Ollama that the panel did not start answers them: no worker is left that may.</source>
        <translation>聊天和补全请求会被拒绝，包括正在等待的，除非有不由面板启动的 Ollama 回答它们：没有剩下可以回答它们的工作进程。</translation>
    </message>
    <message>
        <source>All requests are refused, also those that wait: no worker is left.</source>
        <translation>所有请求都会被拒绝，包括正在等待的：没有剩下任何工作进程。</translation>
    </message>
    <message>
        <source>All requests are refused, also those that wait, unless an Ollama that the panel did not start answers them: no worker is left.</source>
        <translation>所有请求都会被拒绝，包括正在等待的，除非有不由面板启动的 Ollama 回答它们：没有剩下任何工作进程。</translation>
    </message>
    <message>
        <source>The proxy listens on all addresses of this machine, on port {port}.</source>
        <translation>代理将监听本机的所有地址，端口为 {port}。</translation>
    </message>
    <message>
        <source>The proxy moves to {address}; clients must use the new address.</source>
        <translation>代理将换到 {address}；客户端须使用新地址。</translation>
    </message>
    <message>
        <source>At once, without a restart: {settings:setting}.</source>
        <translation>立即生效、无需重启：{settings:setting}。</translation>
    </message>
    <message>
        <source>From the next start on: {settings:setting}.</source>
        <translation>下次启动时生效：{settings:setting}。</translation>
    </message>
    <message>
        <source>{setting:setting} of {pool}</source>
        <translation>{pool} 的{setting:setting}</translation>
    </message>
    <message>
        <source>Nothing changes.</source>
        <translation>没有变化。</translation>
    </message>
    <message>
        <source>The settings are saved; nothing that runs changes.</source>
        <translation>设置已保存；正在运行的一切不变。</translation>
    </message>
    <message>
        <source>{pools}: no workers yet, so no request goes there.</source>
        <translation>{pools}：还没有工作进程，因此没有请求发往那里。</translation>
    </message>
    <message>
        <source>another Ollama</source>
        <translation>另一个 Ollama</translation>
    </message>
    <message>
        <source>port {before} → {after}</source>
        <translation>端口 {before} → {after}</translation>
    </message>
    <message>
        <source>{setting:setting} {before:count} → {after:count}</source>
        <translation>{setting:setting} {before:count} → {after:count}</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>share of the cores {before:count} → {after:count}</source>
        <translation>核心份额 {before:count} → {after:count}</translation>
    </message>
    <message>
        <source>{name} {before} → {after}</source>
        <translation>{name}：{before} → {after}</translation>
    </message>
    <message>
        <source>Demonstration: Ollama was not found, so these instances are simulated. Numbers are not your machine&apos;s.</source>
        <translation>演示：未找到 Ollama，因此这些实例是模拟的，数字并非来自您的机器。</translation>
    </message>
    <message>
        <source>Stopping when the running requests have ended; a second signal ends them now.</source>
        <translation>待正在运行的请求处理完后停止；再次发送信号会立即结束它们。</translation>
    </message>
    <message>
        <source>Without a window there is: ollama-panel serve</source>
        <translation>没有窗口时可使用：ollama-panel serve</translation>
    </message>
    <message>
        <source>{name} is a pipe, a device or a folder, not a file</source>
        <translation>{name} 是管道、设备或文件夹，不是文件</translation>
    </message>
    <message>
        <source>Check the folder and its rights.</source>
        <translation>请检查该文件夹及其权限。</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>请选择其他位置。</translation>
    </message>
    <message>
        <source>If the panel is another user&apos;s, run the command as that user.</source>
        <translation>如果面板属于另一位用户，请以该用户的身份运行此命令。</translation>
    </message>
    <message>
        <source>Restart the panel.</source>
        <translation>请重新启动面板。</translation>
    </message>
    <message>
        <source>Warnings are shown here only.</source>
        <translation>警告只会显示在这里。</translation>
    </message>
    <message>
        <source>A second panel will not know who has the folder.</source>
        <translation>第二个面板将无法得知谁在使用该文件夹。</translation>
    </message>
    <message>
        <source>Nothing is recorded.</source>
        <translation>不会记录任何内容。</translation>
    </message>
    <message>
        <source>{why} It is started again (try {number:count} of {all:count}).</source>
        <translation>{why}将重新启动（第 {number:count} 次，共 {all:count} 次）。</translation>
    </message>
    <message>
        <source>{why} It is started as soon as that works, as when an update is complete.</source>
        <translation>{why} 一旦可以启动（例如更新完成后）就会启动。</translation>
    </message>
    <message>
        <source>Starting again (try {number:count} of {all:count}).</source>
        <translation>正在重新启动（第 {number:count} 次，共 {all:count} 次）。</translation>
    </message>
    <message>
        <source>Nothing answers at {url}; it is used again as soon as something does.</source>
        <translation>{url} 没有响应；一旦恢复就会重新使用。</translation>
    </message>
    <message>
        <source>It did not answer in time and was killed.</source>
        <translation>它未能及时响应，已被终止。</translation>
    </message>
    <message>
        <source>The server answers, but its process for {models} does not: requests for that stand still. Restart the server.</source>
        <translation>服务器有响应，但其运行 {models} 的进程没有响应：相关请求停滞不前。请重启该服务器。</translation>
    </message>
    <message>
        <source>It has stopped answering.</source>
        <translation>它已停止响应。</translation>
    </message>
    <message>
        <source>Port {port} is taken by {owner}.</source>
        <translation>端口 {port} 已被占用：{owner}。</translation>
    </message>
    <message>
        <source>The server ended with exit code {code}.</source>
        <translation>服务器已退出，退出码为 {code}。</translation>
    </message>
    <message>
        <source>The server was ended by {signal}.</source>
        <translation>服务器被 {signal} 终止。</translation>
    </message>
    <message>
        <source>The server was ended by signal {number}.</source>
        <translation>服务器被信号 {number} 终止。</translation>
    </message>
    <message>
        <source>Ended process {pid}, left behind by an earlier run of the panel.</source>
        <translation>已结束面板先前运行时遗留的进程 {pid}。</translation>
    </message>
    <message>
        <source>The Ollama app runs and wants port {port} for itself: it would end the panel&apos;s workers. Quit the app, or give the panel another port.</source>
        <translation>Ollama 应用正在运行，并且要独占端口 {port}：它会结束面板的工作进程。请退出该应用，或为面板设置其他端口。</translation>
    </message>
    <message>
        <source>This machine has no GPU, and Ollama {version} cannot divide its processor cores among {workers:count} workers: they slow each other down several times. Use one worker in all, or update Ollama to 0.30 or later.</source>
        <translation>本机没有 GPU，而 Ollama {version} 无法把处理器核心分配给 {workers:count} 个工作进程：它们会使彼此慢上数倍。请总共只用一个工作进程，或将 Ollama 更新到 0.30 或更高版本。</translation>
    </message>
    <message>
        <source>The loaded models do not fit beside the other programs: this Mac has moved {size:bytes} to its disk in the last minutes, which slows everything down. Use fewer workers, a shorter context or a smaller model.</source>
        <translation>已加载的模型与其他程序合计超出内存：这台 Mac 在最近几分钟内已将 {size:bytes} 移到磁盘，一切都会变慢。请减少工作进程、缩短上下文或使用更小的模型。</translation>
    </message>
    <message>
        <source>Recording to {path} has ended ({reason}).</source>
        <translation>对 {path} 的记录已结束（{reason}）。</translation>
    </message>
    <message>
        <source>Recording to {path} has ended: the file is large enough.</source>
        <translation>对 {path} 的记录已结束：文件已足够大。</translation>
    </message>
    <message>
        <source>The end of {path} was lost ({reason}).</source>
        <translation>{path} 的末尾已丢失（{reason}）。</translation>
    </message>
    <message>
        <source>The context could not be raised: {why}</source>
        <translation>无法增大上下文：{why}</translation>
    </message>
    <message>
        <source>{why} After {tries:count} tries the panel gave up: find the cause in its log, then start it.</source>
        <translation>{why}面板在 {tries:count} 次尝试后放弃：请在其日志中查明原因，然后再启动。</translation>
    </message>
    <message>
        <source>It does not run.</source>
        <translation>它没有运行。</translation>
    </message>
    <message>
        <source>There is no instance {instance}; there are {known}.</source>
        <translation>没有名为 {instance} 的实例；现有：{known}。</translation>
    </message>
    <message>
        <source>There is no instance {instance}: there is none at all.</source>
        <translation>没有名为 {instance} 的实例：目前没有任何实例。</translation>
    </message>
    <message>
        <source>{instance} was started by another program: start and stop it there.</source>
        <translation>{instance} 由其他程序启动：请在那里启动和停止它。</translation>
    </message>
    <message>
        <source>There is no program {path}: install Ollama, or set its path in Settings.</source>
        <translation>程序 {path} 不存在：请安装 Ollama，或在“设置”中填写其路径。</translation>
    </message>
    <message>
        <source>{path} may not be run: check the file&apos;s permissions.</source>
        <translation>不允许运行 {path}：请检查该文件的权限。</translation>
    </message>
    <message>
        <source>{path} could not be started: {reason}.</source>
        <translation>无法启动 {path}：{reason}。</translation>
    </message>
    <message>
        <source>{path} is no program that can be run: give the path of Ollama&apos;s program, or none to have it searched for.</source>
        <translation>{path} 不是可以运行的程序：请给出 Ollama 程序的路径，或留空以自动查找。</translation>
    </message>
    <message>
        <source>{instance} does not run with these settings: {why} The others stay as they are.</source>
        <translation>{instance} 无法以这些设置运行：{why}其他实例保持不变。</translation>
    </message>
    <message>
        <source>The panel has ended before the settings were in force everywhere.</source>
        <translation>设置尚未在各处生效，面板就已结束。</translation>
    </message>
    <message>
        <source>The engine has stopped: {error}. The log has the details.</source>
        <translation>引擎已停止：{error}。详情见日志。</translation>
    </message>
    <message>
        <source>The engine does not run any more; start it again.</source>
        <translation>引擎已不再运行；请重新启动。</translation>
    </message>
    <message>
        <source>The engine ended before it had started.</source>
        <translation>引擎尚未启动完成就已结束。</translation>
    </message>
    <message>
        <source>Something unexpected went wrong: {error}. The log has the details.</source>
        <translation>出现意外错误：{error}。详情见日志。</translation>
    </message>
    <message>
        <source>{path} cannot be read ({reason}).</source>
        <translation>无法读取 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>{path} is being changed by process {pid}; nothing was changed. Try again.</source>
        <translation>进程 {pid} 正在更改 {path}；未做任何更改。请重试。</translation>
    </message>
    <message>
        <source>{path} cannot be written ({reason}).</source>
        <translation>无法写入 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>The state folder {path} cannot be used ({reason}); give another one with --state-dir.</source>
        <translation>无法使用状态文件夹 {path}（{reason}）；请用 --state-dir 指定其他文件夹。</translation>
    </message>
    <message>
        <source>Another Ollama Panel already runs on {path}; use that one, or give another folder with --state-dir.</source>
        <translation>另一个 Ollama Panel 已在使用 {path}；请使用那一个，或用 --state-dir 指定其他文件夹。</translation>
    </message>
    <message>
        <source>Another Ollama Panel (process {pid}) already runs on {path}; use that one, or give another folder with --state-dir.</source>
        <translation>另一个 Ollama Panel（进程 {pid}）已在使用 {path}；请使用那一个，或用 --state-dir 指定其他文件夹。</translation>
    </message>
    <message>
        <source>The state folder {path} was deleted or moved, and another Ollama Panel has taken its place; stop one of the two.</source>
        <translation>状态文件夹 {path} 已被删除或移走，另一个 Ollama Panel 占用了该位置；请停止其中一个。</translation>
    </message>
    <message>
        <source>The state folder {path} was deleted or moved, and another Ollama Panel (process {pid}) has taken its place; stop one of the two.</source>
        <translation>状态文件夹 {path} 已被删除或移走，另一个 Ollama Panel（进程 {pid}）占用了该位置；请停止其中一个。</translation>
    </message>
    <message>
        <source>The state folder {path} was deleted or moved while the panel runs. It has been made again, with the settings in force.</source>
        <translation>状态文件夹 {path} 在面板运行期间被删除或移走。已重新创建，并写入当前生效的设置。</translation>
    </message>
    <message>
        <source>The panel may have only {limit} files and connections open, and needs {least}: raise the limit (ulimit -n).</source>
        <translation>面板最多只能打开 {limit} 个文件和连接，而它需要 {least} 个：请提高该限制（ulimit -n）。</translation>
    </message>
    <message>
        <source>The system does not let the panel start a thread: end other programs, or raise the limit of processes (ulimit -u).</source>
        <translation>系统不允许本程序启动线程：请结束其他程序，或提高进程数限制（ulimit -u）。</translation>
    </message>
    <message>
        <source>The proxy cannot listen on {host}:{port}: {owner} has that port. Stop it, or choose another port.</source>
        <translation>代理无法监听 {host}:{port}，该端口已被占用：{owner}。请停止它，或选择其他端口。</translation>
    </message>
    <message>
        <source>The proxy cannot listen on {host}:{port}: {reason}. Choose another address or port.</source>
        <translation>代理无法监听 {host}:{port}：{reason}。请选择其他地址或端口。</translation>
    </message>
    <message>
        <source>The proxy cannot listen on {host}:{port}: that is neither an address nor a name. Give an address, such as 127.0.0.1 for this machine only.</source>
        <translation>代理无法监听 {host}:{port}：这既不是地址也不是名称。请填写一个地址，例如仅限本机的 127.0.0.1。</translation>
    </message>
    <message>
        <source>There are not enough free ports from {first} up for all workers: set a lower first port in Settings, or fewer workers.</source>
        <translation>从 {first} 起没有足够的空闲端口供所有工作进程使用：请在“设置”中设置更小的起始端口，或减少工作进程。</translation>
    </message>
    <message>
        <source>The window cannot be opened: there is no display (DISPLAY and WAYLAND_DISPLAY are not set).</source>
        <translation>无法打开窗口：没有显示器（未设置 DISPLAY 和 WAYLAND_DISPLAY）。</translation>
    </message>
    <message>
        <source>The window cannot be opened: the display {display} does not answer.</source>
        <translation>无法打开窗口：显示器 {display} 没有响应。</translation>
    </message>
    <message>
        <source>The window cannot be opened: Qt cannot be loaded ({reason}).</source>
        <translation>无法打开窗口：无法加载 Qt（{reason}）。</translation>
    </message>
    <message>
        <source>--listen takes HOST:PORT, like 127.0.0.1:11435, not &quot;{given}&quot;.</source>
        <translation>--listen 的值应为 HOST:PORT，例如 127.0.0.1:11435，而不是“{given}”。</translation>
    </message>
    <message>
        <source>What the command found or did cannot be printed ({reason}).</source>
        <translation>无法输出命令的结果（{reason}）。</translation>
    </message>
    <message>
        <source>No panel runs on {path}: start one with ollama-panel, or give its folder with --state-dir.</source>
        <translation>没有面板在使用 {path}：请用 ollama-panel 启动一个，或用 --state-dir 指定其文件夹。</translation>
    </message>
    <message>
        <source>The panel (process {pid}) runs, but its proxy is off: switch it on in the window.</source>
        <translation>面板（进程 {pid}）正在运行，但其代理已关闭：请在窗口中打开。</translation>
    </message>
    <message>
        <source>The panel does not answer at {url} ({reason}): is it still running?</source>
        <translation>面板在 {url} 没有响应（{reason}）：它还在运行吗？</translation>
    </message>
    <message>
        <source>The panel at {url} is not the one of this folder: restart the panel, or name its folder with --state-dir.</source>
        <translation>{url} 上的面板不是此文件夹的面板：请重新启动面板，或用 --state-dir 指定它的文件夹。</translation>
    </message>
    <message>
        <source>The panel at {url} answers {status}: {answer}</source>
        <translation>{url} 的面板应答 {status}：{answer}</translation>
    </message>
    <message>
        <source>The panel at {url} is of another version than this command ({reason}).</source>
        <translation>{url} 的面板与此命令的版本不同（{reason}）。</translation>
    </message>
    <message>
        <source>There is no instance or pool {name}; there are {known}.</source>
        <translation>没有名为 {name} 的实例或池；现有：{known}。</translation>
    </message>
    <message>
        <source>The pool {pool} has no workers: give it some with ollama-panel pools set {pool} --workers 1.</source>
        <translation>池 {pool} 没有工作进程：请用 ollama-panel pools set {pool} --workers 1 添加。</translation>
    </message>
    <message>
        <source>{model} cannot be loaded: {reason}.</source>
        <translation>无法加载 {model}：{reason}。</translation>
    </message>
    <message>
        <source>{model} cannot be unloaded: {reason}.</source>
        <translation>无法卸载 {model}：{reason}。</translation>
    </message>
    <message>
        <source>{model} cannot be pulled: {reason}.</source>
        <translation>无法拉取 {model}：{reason}。</translation>
    </message>
    <message>
        <source>The pull of {model} ended too early; what is there is kept: start it again.</source>
        <translation>{model} 的拉取过早结束；已下载的部分会保留：请重新开始。</translation>
    </message>
    <message>
        <source>A key needs a name of printable characters, on one line.</source>
        <translation>密钥需要名称：由可打印字符组成，写在一行内。</translation>
    </message>
    <message>
        <source>There is a key for &quot;{name}&quot; already: take another name, or remove that one first.</source>
        <translation>“{name}”已有密钥：请换一个名称，或先移除原有密钥。</translation>
    </message>
    <message>
        <source>There is no key for &quot;{name}&quot;; there are: {known}.</source>
        <translation>“{name}”没有密钥；现有：{known}。</translation>
    </message>
    <message>
        <source>There is no key for &quot;{name}&quot;: there is none at all.</source>
        <translation>“{name}”没有密钥：目前没有任何密钥。</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a whole number from {low} up</source>
        <translation>不小于 {low} 的整数</translation>
    </message>
    <message>
        <source>a whole number from {low} to {high}</source>
        <translation>介于 {low} 和 {high} 之间的整数</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>a number from {low} up</source>
        <translation>不小于 {low} 的数字</translation>
    </message>
    <message>
        <source>a number from {low} to {high}</source>
        <translation>介于 {low} 和 {high} 之间的数字</translation>
    </message>
    <message>
        <source>a name of lower-case letters, digits, - and _, 32 at most, a letter first</source>
        <translation>由小写字母、数字、- 和 _ 组成的名称（最多 32 个字符，以字母开头）</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>text on one line</source>
        <translation>单行文本</translation>
    </message>
    <message>
        <source>64 hexadecimal digits</source>
        <translation>64 位十六进制数字</translation>
    </message>
    <message>
        <source>a path on one line</source>
        <translation>单行路径</translation>
    </message>
    <message>
        <source>a whole path, such as /srv/models, D:\models or ~/models</source>
        <translation>完整的路径，例如 /srv/models、D:\models 或 ~/models</translation>
    </message>
    <message>
        <source>the path without quotes around it</source>
        <translation>不带引号的路径</translation>
    </message>
    <message>
        <source>a path without variables; ~ and $HOME at its start are the home of the user</source>
        <translation>不含变量的路径；开头的 ~ 和 $HOME 表示用户的主目录</translation>
    </message>
    <message>
        <source>an address such as 127.0.0.1 or ::1, or the name of a host</source>
        <translation>形如 127.0.0.1 或 ::1 的地址，或主机名</translation>
    </message>
    <message>
        <source>the address alone, {host}</source>
        <translation>单独的地址 {host}</translation>
    </message>
    <message>
        <source>0.0.0.0 for all addresses of this machine, or :: for those of IPv6, too</source>
        <translation>地址 0.0.0.0（本机的所有地址）或 ::（还包括 IPv6 地址）</translation>
    </message>
    <message>
        <source>the name of a header that holds no key or cookie, such as X-OpenWebUI-User-Id</source>
        <translation>不含密钥或 Cookie 的请求头名称，例如 X-OpenWebUI-User-Id</translation>
    </message>
    <message>
        <source>one of {choices}</source>
        <translation>以下之一：{choices}</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>开关值 true 或 false</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>names with values, in braces</source>
        <translation>花括号中的名称和值</translation>
    </message>
    <message>
        <source>{expected}, or null</source>
        <translation>{expected}，或 null</translation>
    </message>
    <message>
        <source>a number of bytes</source>
        <translation>字节数</translation>
    </message>
    <message>
        <source>1 or 0</source>
        <translation>数字 1 或 0</translation>
    </message>
    <message>
        <source>1 or 0; Ollama decides if it is not set</source>
        <translation>数字 1 或 0（未设置时由 Ollama 决定）</translation>
    </message>
    <message>
        <source>on or off</source>
        <translation>开关值 on 或 off</translation>
    </message>
    <message>
        <source>a time such as 90s, 5m or 24h</source>
        <translation>时长，例如 90s、5m 或 24h</translation>
    </message>
    <message>
        <source>an address such as 127.0.0.1:11434</source>
        <translation>地址，例如 127.0.0.1:11434</translation>
    </message>
    <message>
        <source>a folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>a group of settings in braces</source>
        <translation>花括号中的一组设置</translation>
    </message>
    <message>
        <source>must be {expected}, not &quot;{given}&quot;</source>
        <translation>应为{expected}，而不是“{given}”</translation>
    </message>
    <message>
        <source>must be a group of settings in braces</source>
        <translation>应为花括号中的一组设置</translation>
    </message>
    <message>
        <source>must be a list of pools in brackets</source>
        <translation>应为方括号中的池列表</translation>
    </message>
    <message>
        <source>must hold at least one pool</source>
        <translation>至少应有一个池</translation>
    </message>
    <message>
        <source>needs a name: {expected}</source>
        <translation>需要名称：{expected}</translation>
    </message>
    <message>
        <source>is the name of two pools</source>
        <translation>是两个池的名称</translation>
    </message>
    <message>
        <source>leaves too few ports below 65536 for all workers</source>
        <translation>使 65536 以下的端口不够所有工作进程使用</translation>
    </message>
    <message>
        <source>must be text in quotes, on one line</source>
        <translation>应为引号中的单行文本</translation>
    </message>
    <message>
        <source>must be a name, a digest of 64 hexadecimal digits, a class or null, and a list of the scopes use, see and control, in braces</source>
        <translation>必须是花括号中的名称、64 位十六进制摘要、类别或 null，以及由 use、see 和 control 组成的权限列表</translation>
    </message>
    <message>
        <source>must be a name on one line</source>
        <translation>必须是单行名称</translation>
    </message>
    <message>
        <source>is not a variable name: letters, digits and underscores, no digit first</source>
        <translation>不是变量名：只能用字母、数字和下划线，且不能以数字开头</translation>
    </message>
    <message>
        <source>is not a setting</source>
        <translation>不是设置项</translation>
    </message>
    <message>
        <source>must hold each origin with its scheme, such as https://chat.example.org or chrome-extension://*, not &quot;{given}&quot;</source>
        <translation>中的每个来源都必须带协议，例如 https://chat.example.org 或 chrome-extension://*，而不能是“{given}”</translation>
    </message>
    <message>
        <source>may have at most one * in an origin, and none in its scheme, not &quot;{given}&quot;</source>
        <translation>的每个来源最多只能有一个 *，且协议中不能有 *，而不能是“{given}”</translation>
    </message>
    <message>
        <source>must hold origins as browsers send them, a scheme, a host and perhaps a port, with no path or blank, not &quot;{given}&quot;</source>
        <translation>中的来源必须与浏览器发送的一致：协议、主机和可选的端口，不含路径或空格，而不能是“{given}”</translation>
    </message>
    <message>
        <source>The value of {name} has the word that is shown in place of a secret: leave it out to keep the secret, or set {key} to a new one.</source>
        <translation>{name} 的值含有代替机密显示的文字：省略它以保留机密，或将 {key} 设为新值。</translation>
    </message>
    <message>
        <source>There is no pool {pool}; there are {known}.</source>
        <translation>没有池 {pool}；现有 {known}。</translation>
    </message>
    <message>
        <source>There is a pool {pool} already: change that, or choose another name.</source>
        <translation>已有池 {pool}：请更改它，或选择其他名称。</translation>
    </message>
    <message>
        <source>set the number of workers of a pool in the panel, which starts one server for each</source>
        <translation>请在面板中设置池的工作进程数，面板会为每个工作进程启动一个服务器</translation>
    </message>
    <message>
        <source>set {name}</source>
        <translation>请设置 {name}</translation>
    </message>
    <message>
        <source>set the request&apos;s option {option}</source>
        <translation>请在请求中设置选项 {option}</translation>
    </message>
    <message>
        <source>set LLAMA_ARG_THREADS (Ollama 0.30 and later) or the request&apos;s option num_thread</source>
        <translation>请设置 LLAMA_ARG_THREADS（Ollama 0.30 及更高版本）或请求的选项 num_thread</translation>
    </message>
    <message>
        <source>set OLLAMA_HOST for the address of the server</source>
        <translation>请用 OLLAMA_HOST 设置服务器的地址</translation>
    </message>
    <message>
        <source>name the model in the request</source>
        <translation>请在请求中指定模型</translation>
    </message>
    <message>
        <source>only Ollama {version} and later reads it</source>
        <translation>只有 Ollama {version} 及更高版本会读取它</translation>
    </message>
    <message>
        <source>its own choice</source>
        <translation>它自己的选择</translation>
    </message>
    <message>
        <source>{name} has no effect yet: {version} is the first version of Ollama that reads it.</source>
        <translation>{name} 目前不起作用：{version} 是第一个会读取它的 Ollama 版本。</translation>
    </message>
    <message>
        <source>{name} must be a whole path: Ollama would make a folder of the very name &quot;{given}&quot;, so the workers do not get it.</source>
        <translation>{name} 必须是完整的路径：Ollama 会建立一个名称就是“{given}”的文件夹，因此工作进程不会得到它。</translation>
    </message>
    <message>
        <source>{name} must be a whole path, such as /srv/models or D:\models, not &quot;{given}&quot;, which depends on where the server was started: the workers do not get it.</source>
        <translation>{name} 必须是完整的路径，例如 /srv/models 或 D:\models，而不是“{given}”，后者取决于服务器在何处启动：工作进程不会得到它。</translation>
    </message>
    <message>
        <source>Save it as {path}, then type: sudo systemctl daemon-reload &amp;&amp; sudo systemctl restart {unit}. It holds the settings of {worker}; the service keeps its address.</source>
        <translation>将其保存为 {path}，然后输入：sudo systemctl daemon-reload &amp;&amp; sudo systemctl restart {unit}。其中是 {worker} 的设置；该服务保留其地址。</translation>
    </message>
    <message>
        <source>There is no {unit} on this machine: install Ollama with its own installer first.</source>
        <translation>本机上没有 {unit}：请先用 Ollama 自己的安装程序安装。</translation>
    </message>
    <message>
        <source>Type: sudo sh {file} (with a folder as argument it only writes the files there). {worker} becomes {unit} at the service&apos;s own address.</source>
        <translation>输入：sudo sh {file}（若以文件夹作为参数，则只将文件写入该文件夹）。{worker} 将成为 {unit}，使用该服务自己的地址。</translation>
    </message>
    <message>
        <source>{models}: only the server at {url} has this ({who}), in {folder}. The panel&apos;s workers cannot serve it; requests for it go to that server, {slots}.</source>
        <translation>{models}：只有 {url} 上的服务器（{who}）有，位于 {folder}。面板自己的工作进程无法提供；相关请求转到该服务器，{slots}。</translation>
    </message>
    <message>
        <source>service {unit} of user {user}</source>
        <translation>用户 {user} 的服务 {unit}</translation>
    </message>
    <message>
        <source>of user {user}</source>
        <translation>属于用户 {user}</translation>
    </message>
    <message>
        <source>of a user that the system does not tell</source>
        <translation>所属用户系统未告知</translation>
    </message>
    <message>
        <source>{number:count} more</source>
        <translation>另外 {number:count} 个</translation>
    </message>
    <message>
        <source>the folder {path}</source>
        <translation>文件夹 {path}</translation>
    </message>
    <message>
        <source>{path} (from the environment of its process)</source>
        <translation>{path}（来自其进程的环境变量）</translation>
    </message>
    <message>
        <source>{path} (from its log)</source>
        <translation>{path}（来自其日志）</translation>
    </message>
    <message>
        <source>{path} (from its systemd unit)</source>
        <translation>{path}（来自其 systemd 单元）</translation>
    </message>
    <message>
        <source>{path} (the usual place in the home of that user)</source>
        <translation>{path}（该用户主目录中的默认位置）</translation>
    </message>
    <message>
        <source>a folder that the system does not tell</source>
        <translation>系统未告知的文件夹</translation>
    </message>
    <message>
        <source>a container</source>
        <translation>容器中</translation>
    </message>
    <message>
        <source>{slots:count} at a time for each model (from its log)</source>
        <translation>每个模型同时处理 {slots:count} 个（来自其日志）</translation>
    </message>
    <message>
        <source>{slots:count} at a time for each model (from the command line of its runner)</source>
        <translation>每个模型同时处理 {slots:count} 个（来自其运行器的命令行）</translation>
    </message>
    <message>
        <source>{slots:count} at a time for each model (from its environment)</source>
        <translation>每个模型同时处理 {slots:count} 个（来自其环境变量）</translation>
    </message>
    <message>
        <source>{slots:count} at a time for each model (from its systemd unit)</source>
        <translation>每个模型同时处理 {slots:count} 个（来自其 systemd 单元）</translation>
    </message>
    <message>
        <source>{slots:count} at a time for each model (as Ollama does for such a model)</source>
        <translation>每个模型同时处理 {slots:count} 个（Ollama 对此类模型的做法）</translation>
    </message>
    <message>
        <source>at first one at a time (nothing tells how many it takes; that is measured while it works)</source>
        <translation>起初一次一个（无从得知它能同时处理多少个，将在运行中测出）</translation>
    </message>
    <message>
        <source>Leave it so: that server alone answers, {slots}. For more, set OLLAMA_NUM_PARALLEL where it is started, and restart it.</source>
        <translation>保持现状：只由该服务器应答，{slots}。若要更多，请在启动它的地方设置 OLLAMA_NUM_PARALLEL，然后重新启动它。</translation>
    </message>
    <message>
        <source>Let the workers use that folder, which they can read:</source>
        <translation>让工作进程使用该文件夹，它们可以读取：</translation>
    </message>
    <message>
        <source>Let the workers use that folder, which they can read, instead of {folder}, whose models are then left alone:</source>
        <translation>让工作进程使用该文件夹（它们可以读取），而不再使用 {folder}；后者中的模型保持不动：</translation>
    </message>
    <message>
        <source>Let the workers read that folder; then this message offers it by itself. {why} What it needs:</source>
        <translation>让工作进程能读取该文件夹；之后此消息会自动提供使用它的选项。{why}需要：</translation>
    </message>
    <message>
        <source>Let the workers read that folder; then they serve its models by themselves. {why} What it needs:</source>
        <translation>让工作进程可以读取该文件夹；之后它们会自动用其中的模型提供服务。{why}需要：</translation>
    </message>
    <message>
        <source>Let the workers read that folder: {why} Give {user} the right to read it.</source>
        <translation>让工作进程能读取该文件夹：{why}请给 {user} 读取它的权限。</translation>
    </message>
    <message>
        <source>{path} is closed to {user}: it belongs to {owner}, group {group}, with mode {mode}.</source>
        <translation>{user} 无法进入 {path}：它属于 {owner}，组 {group}，权限 {mode}。</translation>
    </message>
    <message>
        <source>{command} # adds you to group {group}; it counts when you have logged in again and started the panel anew</source>
        <translation>{command} # 把您加入组 {group}；重新登录并重新启动面板后生效</translation>
    </message>
    <message>
        <source>Log in again and start the panel anew: you are in group {group}, but this session is older.</source>
        <translation>请重新登录并重新启动面板：您已在组 {group} 中，但当前会话更早开始。</translation>
    </message>
    <message>
        <source>{command} # lets group {group} pass through that folder</source>
        <translation>{command} # 让组 {group} 可以穿过该文件夹</translation>
    </message>
    <message>
        <source>{command} # lets group {group} read the models</source>
        <translation>{command} # 让组 {group} 可以读取模型</translation>
    </message>
    <message>
        <source>{command} # lets {user} alone in; needs the package acl</source>
        <translation>{command} # 只允许 {user} 进入；需要软件包 acl</translation>
    </message>
    <message>
        <source>{command} # sets that folder; the workers restart one after the other</source>
        <translation>{command} # 设置该文件夹；工作进程逐个重启</translation>
    </message>
    <message>
        <source>{command} # writes the settings of the workers to that file</source>
        <translation>{command} # 把工作进程的设置写入该文件</translation>
    </message>
    <message>
        <source>{command} # stops the panel&apos;s own workers of that pool, whose ports the services take</source>
        <translation>{command} # 停止面板自己在该池中的工作进程，其端口由服务接管</translation>
    </message>
    <message>
        <source>{command} # makes and starts a service for each worker; the panel finds and uses them</source>
        <translation>{command} # 为每个工作进程创建并启动服务；面板会找到并使用它们</translation>
    </message>
    <message>
        <source>{command} # puts the file where systemd reads it</source>
        <translation>{command} # 把文件放到 systemd 读取的位置</translation>
    </message>
    <message>
        <source>{command} # lets systemd read it</source>
        <translation>{command} # 让 systemd 读取它</translation>
    </message>
    <message>
        <source>{command} # restarts the server with it</source>
        <translation>{command} # 以此设置重启服务器</translation>
    </message>
    <message>
        <source>If you know that folder, let the workers use it:</source>
        <translation>如果您知道该文件夹，可让工作进程使用它：</translation>
    </message>
    <message>
        <source>Let services of user {user} be the workers, with the same folder:</source>
        <translation>让用户 {user} 的服务充当工作进程，使用同一文件夹：</translation>
    </message>
    <message>
        <source>Leave it so: that server alone answers, {slots}. For more, give it the settings of the first worker and restart it:</source>
        <translation>保持现状：只由该服务器应答，{slots}。如需更多，请给它第一个工作进程的设置并重启：</translation>
    </message>
    <message>
        <source>{workers} cannot serve: the models are in {folder}, which the panel&apos;s workers cannot read.</source>
        <translation>{workers} 无法提供服务：模型在 {folder} 中，面板的工作进程无法读取它。</translation>
    </message>
    <message>
        <source>The pools cannot serve: the panel&apos;s workers cannot read the folder of their models, {folder}. The server at {url} ({who}) can: every request for them goes there, {slots}.</source>
        <translation>池无法提供服务：面板的工作进程无法读取其模型文件夹 {folder}。位于 {url} 的服务器（{who}）可以读取：对这些模型的所有请求都发往该服务器，{slots}。</translation>
    </message>
    <message>
        <source>The pools cannot serve: the models are with the server at {url} ({who}), in {folder}, and the panel&apos;s workers have none of them. Every request goes to that server, {slots}.</source>
        <translation>池无法提供服务：模型在 {url} 的服务器（{who}）那里，位于 {folder}，面板自己的工作进程一个也没有。所有请求都转到该服务器，{slots}。</translation>
    </message>
    <message>
        <source>JSON has no comments</source>
        <translation>JSON 没有注释</translation>
    </message>
    <message>
        <source>there is a comma after the last value</source>
        <translation>最后一个值后面多了一个逗号</translation>
    </message>
    <message>
        <source>a comma is missing before this</source>
        <translation>此处之前缺少逗号</translation>
    </message>
    <message>
        <source>a colon is missing between a name and its value</source>
        <translation>名称与值之间缺少冒号</translation>
    </message>
    <message>
        <source>the text ends too early: a bracket or a value is missing</source>
        <translation>文本过早结束：缺少括号或值</translation>
    </message>
    <message>
        <source>something follows after the last bracket</source>
        <translation>最后一个括号之后还有内容</translation>
    </message>
    <message>
        <source>names and texts need double quotes (&quot;)</source>
        <translation>名称和文本需要用双引号（&quot;）</translation>
    </message>
    <message>
        <source>the name {name} needs double quotes (&quot;)</source>
        <translation>名称 {name} 需要用双引号（&quot;）</translation>
    </message>
    <message>
        <source>the closing quote of a text is missing</source>
        <translation>文本缺少结束引号</translation>
    </message>
    <message>
        <source>a text has a line break or a tab in it, or its closing quote is missing</source>
        <translation>文本中有换行或制表符，或缺少结束引号</translation>
    </message>
    <message>
        <source>a backslash in a text is written twice</source>
        <translation>文本中的反斜杠要写两次</translation>
    </message>
    <message>
        <source>{word} is not known: write true, false or null</source>
        <translation>无法识别 {word}：请写 true、false 或 null</translation>
    </message>
    <message>
        <source>this is not UTF-8: save the file in that encoding</source>
        <translation>此处不是 UTF-8：请以该编码保存文件</translation>
    </message>
    <message>
        <source>this is not what JSON has here ({words})</source>
        <translation>此处不符合 JSON 语法（{words}）</translation>
    </message>
    <message>
        <source>is on now: it was off, as earlier versions had it by default. To turn it off: ollama-panel settings set proxy.heartbeat_plain off</source>
        <translation>现已开启：它原先处于关闭状态，这是早期版本的默认值。如需关闭：ollama-panel settings set proxy.heartbeat_plain off</translation>
    </message>
    <message>
        <source>{wrong}; &quot;{used}&quot; is used.</source>
        <translation>{wrong}；将使用“{used}”。</translation>
    </message>
    <message>
        <source>{wrong}; the default is used.</source>
        <translation>{wrong}；将使用默认值。</translation>
    </message>
    <message>
        <source>{wrong}; the usual pair is used.</source>
        <translation>{wrong}；将使用默认的两个池。</translation>
    </message>
    <message>
        <source>{wrong}; &quot;{name}&quot; is used for the second.</source>
        <translation>{wrong}；第二个将使用“{name}”。</translation>
    </message>
    <message>
        <source>{wrong}; it is ignored.</source>
        <translation>{wrong}；已忽略。</translation>
    </message>
    <message>
        <source>{wrong}; the pool is left out.</source>
        <translation>{wrong}；该池已略去。</translation>
    </message>
    <message>
        <source>{wrong}; version {version} is assumed.</source>
        <translation>{wrong}；按版本 {version} 处理。</translation>
    </message>
    <message>
        <source>is {written}, newer than that of this panel ({version}); unknown settings are ignored.</source>
        <translation>为 {written}，比此面板的版本（{version}）新；未知的设置将被忽略。</translation>
    </message>
    <message>
        <source>{why} All settings have their defaults.</source>
        <translation>{why}所有设置均为默认值。</translation>
    </message>
    <message>
        <source>{why} It is kept as {name}; the defaults are used.</source>
        <translation>{why}它已保留为 {name}；将使用默认值。</translation>
    </message>
    <message>
        <source>{why} It cannot be moved aside ({reason}); the defaults are used.</source>
        <translation>{why}无法将其移开（{reason}）；将使用默认值。</translation>
    </message>
    <message>
        <source>{why} The settings stay as they are.</source>
        <translation>{why}设置保持不变。</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; is not a variable name: use letters, digits and underscores, and no digit first.</source>
        <translation>“{name}”不是变量名：请使用字母、数字和下划线，且不要以数字开头。</translation>
    </message>
    <message>
        <source>{name} does not exist in Ollama, although guides name it: {advice}.</source>
        <translation>Ollama 中没有 {name}，尽管有些教程提到它：{advice}。</translation>
    </message>
    <message>
        <source>Ollama no longer reads {name}; {version} was the last version that did: remove it.</source>
        <translation>Ollama 不再读取 {name}；最后读取它的版本是 {version}：请将其移除。</translation>
    </message>
    <message>
        <source>{name} has no effect: Ollama gives its runner this on the command line, which wins over the variable; {advice}.</source>
        <translation>{name} 不起作用：Ollama 会在命令行上把它传给运行器，命令行优先于该变量；{advice}。</translation>
    </message>
    <message>
        <source>Ollama does not read {name}; did you mean {meant}?</source>
        <translation>Ollama 不读取 {name}；您是指 {meant} 吗？</translation>
    </message>
    <message>
        <source>Ollama does not read {name}: check the name, or remove it.</source>
        <translation>Ollama 不读取 {name}：请检查名称，或将其移除。</translation>
    </message>
    <message>
        <source>The value of {name} has a line break or a null byte: write it on one line.</source>
        <translation>{name} 的值含有换行符或空字节：请写在一行内。</translation>
    </message>
    <message>
        <source>{name} must be a whole number, not &quot;{given}&quot;; Ollama would use {default} instead.</source>
        <translation>{name} 应为整数，而不是“{given}”；Ollama 会改用 {default}。</translation>
    </message>
    <message>
        <source>{name} must be at least {limit}, not {given}.</source>
        <translation>{name} 应不小于 {limit}，而不是 {given}。</translation>
    </message>
    <message>
        <source>{name} must be at most {limit}, not {given}.</source>
        <translation>{name} 应不大于 {limit}，而不是 {given}。</translation>
    </message>
    <message>
        <source>{name} must be 1 or 0, not &quot;{given}&quot;; Ollama would read that as 1.</source>
        <translation>{name} 应为 1 或 0，而不是“{given}”；Ollama 会将其视为 1。</translation>
    </message>
    <message>
        <source>{name} must be on or off, not &quot;{given}&quot;.</source>
        <translation>{name} 应为 on 或 off，而不是“{given}”。</translation>
    </message>
    <message>
        <source>{name} must be a time such as 90s, 5m, 24h or -1, not &quot;{given}&quot;; Ollama would silently use {default}.</source>
        <translation>{name} 应为时长，例如 90s、5m、24h 或 -1，而不是“{given}”；Ollama 会不加提示地使用 {default}。</translation>
    </message>
    <message>
        <source>{name} must be one of {choices}, not &quot;{given}&quot;.</source>
        <translation>{name} 应为以下之一：{choices}，而不是“{given}”。</translation>
    </message>
    <message>
        <source>{name} must be an address such as 127.0.0.1:11434, not &quot;{given}&quot;.</source>
        <translation>{name} 应为地址，例如 127.0.0.1:11434，而不是“{given}”。</translation>
    </message>
    <message>
        <source>OLLAMA_HOST is set by the panel, which gives every instance its own address: remove it here.</source>
        <translation>OLLAMA_HOST 由面板设置，面板会为每个实例分配各自的地址：请在此处移除。</translation>
    </message>
    <message>
        <source>OLLAMA_NUM_PARALLEL overrides the pool&apos;s parallel slider: use the slider and remove it here.</source>
        <translation>OLLAMA_NUM_PARALLEL 会覆盖池的“并行”滑块：请使用滑块，并在此处移除。</translation>
    </message>
    <message>
        <source>OLLAMA_CONTEXT_LENGTH overrides the pool&apos;s context length: set that and remove it here.</source>
        <translation>OLLAMA_CONTEXT_LENGTH 会覆盖池的上下文长度：请设置上下文长度，并在此处移除。</translation>
    </message>
    <message>
        <source>{where} {wrong}.</source>
        <translation>{where}：{wrong}。</translation>
    </message>
    <message>
        <source>&quot;{key}&quot; is written by the panel alone: leave it as it is.</source>
        <translation>“{key}”只由面板写入：请保持原样。</translation>
    </message>
    <message>
        <source>&quot;{key}&quot; has no default: reset the settings in a group one by one, or set a value.</source>
        <translation>“{key}”没有默认值：请逐项重置组中的设置，或者设定一个值。</translation>
    </message>
    <message>
        <source>There is no setting &quot;{key}&quot;; the nearest is &quot;{nearest}&quot;.</source>
        <translation>没有名为“{key}”的设置；最接近的是“{nearest}”。</translation>
    </message>
    <message>
        <source>There is no setting &quot;{key}&quot;; there are {known}.</source>
        <translation>没有名为“{key}”的设置；现有：{known}。</translation>
    </message>
    <message>
        <source>It is not valid JSON: line {line}, column {column}: {reason}.</source>
        <translation>它不是有效的 JSON：第 {line} 行第 {column} 列：{reason}。</translation>
    </message>
    <message>
        <source>It has a number with too many digits, or brackets too deep within brackets.</source>
        <translation>其中有位数过多的数字，或括号嵌套过深。</translation>
    </message>
    <message>
        <source>It is not a JSON object.</source>
        <translation>它不是 JSON 对象。</translation>
    </message>
    <message>
        <source>{path}: {why} Nothing was changed: mend the file, or delete it to begin anew.</source>
        <translation>{path}：{why} 未做任何更改：请修正该文件，或将其删除以重新开始。</translation>
    </message>
    <message>
        <source>{path} is a link to {target}, which does not exist.</source>
        <translation>{path} 是指向 {target} 的链接，而后者不存在。</translation>
    </message>
    <message>
        <source>{path} cannot be backed up ({reason}); nothing was changed.</source>
        <translation>无法备份 {path}（{reason}）；未作任何更改。</translation>
    </message>
    <message>
        <source>set the parallel of a pool, pools.NAME.parallel</source>
        <translation>请设置池的“并行”，即 pools.NAME.parallel</translation>
    </message>
    <message>
        <source>set the context length of a pool, pools.NAME.context_length</source>
        <translation>请设置池的“上下文长度”，即 pools.NAME.context_length</translation>
    </message>
    <message>
        <source>clients use the panel&apos;s address: set proxy.host and proxy.port</source>
        <translation>客户端使用面板的地址：请设置 proxy.host 和 proxy.port</translation>
    </message>
    <message>
        <source>web pages use the panel: set proxy.allowed_origins</source>
        <translation>网页访问的是面板：请设置 proxy.allowed_origins</translation>
    </message>
    <message>
        <source>ollama.models_dir is set, too, and wins</source>
        <translation>同时设置了 ollama.models_dir，以其为准</translation>
    </message>
    <message>
        <source>only Ollama up to {version} reads it</source>
        <translation>只有 {version} 及更早的 Ollama 会读取</translation>
    </message>
    <message>
        <source>{meant} may be meant</source>
        <translation>可能是指 {meant}</translation>
    </message>
    <message>
        <source>Ollama does not read it</source>
        <translation>Ollama 不读取它</translation>
    </message>
    <message>
        <source>{name} ({advice})</source>
        <translation>{name}（{advice}）</translation>
    </message>
    <message>
        <source>environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>{name} must be an address without a path: the server ignores /{path}, and Ollama&apos;s commands would put it before everything that they ask for.</source>
        <translation>{name} 必须是不带路径的地址：服务器会忽略 /{path}，而 Ollama 的命令会把它加在每个请求之前。</translation>
    </message>
    <message>
        <source>{name} must be in bytes: {given} of them are nothing. {given} MiB are {bytes}.</source>
        <translation>{name} 必须以字节为单位：{given} 字节几乎为零。{given} MiB 是 {bytes}。</translation>
    </message>
    <message>
        <source>{name} must be the name of a folder in lib/ollama, such as cuda_v13, rocm or vulkan, not &quot;{given}&quot;; Ollama would find no GPU.</source>
        <translation>{name} 必须是 lib/ollama 中某个文件夹的名称，例如 cuda_v13、rocm 或 vulkan，而不是“{given}”；否则 Ollama 找不到 GPU。</translation>
    </message>
    <message>
        <source>{name} must be origins with their schemes, separated by commas without blanks, such as http://a.example,https://b.example, not &quot;{given}&quot;.</source>
        <translation>{name} 必须是带协议的来源，以逗号分隔且不含空格，例如 http://a.example,https://b.example，而不是“{given}”。</translation>
    </message>
    <message>
        <source>The panel was started with variables that have no effect on its workers: {variables}.</source>
        <translation>启动面板时设置的这些变量对其工作进程不起作用：{variables}。</translation>
    </message>
    <message>
        <source>OLLAMA_ORIGINS has no effect here, because web pages use the panel, not its workers: set proxy.allowed_origins and remove it here.</source>
        <translation>OLLAMA_ORIGINS 在此不起作用，因为网页访问的是面板而不是其工作进程：请设置 proxy.allowed_origins，并在此处移除。</translation>
    </message>
    <message>
        <source>Made by Ollama Panel {version} on {date} from these settings:</source>
        <translation>由 Ollama Panel {version} 于 {date} 根据以下设置生成：</translation>
    </message>
    <message>
        <source>pool {pool} ({role}): 1 worker, parallel {parallel}, context {context}</source>
        <translation>池 {pool}（{role}）：1 个工作进程，并行 {parallel}，上下文 {context}</translation>
    </message>
    <message>
        <source>pool {pool} ({role}): {workers} workers, parallel {parallel}, context {context}</source>
        <translation>池 {pool}（{role}）：{workers} 个工作进程，并行 {parallel}，上下文 {context}</translation>
    </message>
    <message>
        <source>chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>vision</source>
        <translation>视觉</translation>
    </message>
    <message>
        <source>batch</source>
        <translation>批处理</translation>
    </message>
    <message>
        <source>{variable} divides the cores of this machine: several workers of one role that all compute on every core slow each other down several times. Change it for another machine.</source>
        <translation>{variable} 用于划分本机的核心：同一角色的多个工作进程若都在全部核心上计算，会使彼此慢上数倍。用于其他机器时请修改。</translation>
    </message>
    <message>
        <source>Secrets are left out: set {variables} yourself where Ollama runs.</source>
        <translation>不包含机密信息：请在运行 Ollama 的地方自行设置 {variables}。</translation>
    </message>
    <message>
        <source>systemd drop-in</source>
        <translation>systemd 覆盖配置</translation>
    </message>
    <message>
        <source>Settings of the first worker for the ollama.service that Ollama&apos;s installer made.</source>
        <translation>第一个工作进程的设置，用于 Ollama 安装程序创建的 ollama.service。</translation>
    </message>
    <message>
        <source>The other workers need units of their own: see {target}.</source>
        <translation>其他工作进程需要各自的单元：参见 {target}。</translation>
    </message>
    <message>
        <source>Worker {worker}. OLLAMA_HOST is left as it is: 127.0.0.1:11434 unless set elsewhere.</source>
        <translation>工作进程 {worker}。OLLAMA_HOST 保持不变：除非在别处设置，否则为 127.0.0.1:11434。</translation>
    </message>
    <message>
        <source>systemd units</source>
        <translation>systemd 单元</translation>
    </message>
    <message>
        <source>A script that sets up every worker as a service, the first as ollama.service.</source>
        <translation>一个脚本，将每个工作进程设置为服务，第一个为 ollama.service。</translation>
    </message>
    <message>
        <source>Run it as root. With a folder as argument it only writes the files there, for inspection.</source>
        <translation>请以 root 身份运行。若以文件夹作为参数，则只将文件写入该文件夹以供查看。</translation>
    </message>
    <message>
        <source>Ollama worker {worker} on {url}</source>
        <translation>Ollama 工作进程 {worker}，位于 {url}</translation>
    </message>
    <message>
        <source>Further services: {addresses}.</source>
        <translation>其他服务：{addresses}。</translation>
    </message>
    <message>
        <source>{worker} on {url}</source>
        <translation>{worker}（{url}）</translation>
    </message>
    <message>
        <source>Shell script</source>
        <translation>Shell 脚本</translation>
    </message>
    <message>
        <source>Starts every worker in a terminal and stops them all on Ctrl-C.</source>
        <translation>在终端中启动每个工作进程，按 Ctrl-C 全部停止。</translation>
    </message>
    <message>
        <source>Type: sh {file}. Ctrl-C in that terminal stops all workers.</source>
        <translation>输入：sh {file}。在该终端中按 Ctrl-C 会停止所有工作进程。</translation>
    </message>
    <message>
        <source>Starts every worker, waits until each one answers, and stops them all on Ctrl-C.</source>
        <translation>启动每个工作进程，等待其逐一响应，按 Ctrl-C 全部停止。</translation>
    </message>
    <message>
        <source>curl or wget is needed to see when Ollama is ready: install one of them.</source>
        <translation>需要 curl 或 wget 来判断 Ollama 何时就绪：请安装其中之一。</translation>
    </message>
    <message>
        <source>wait_for NAME URL PID: at most a minute</source>
        <translation>wait_for NAME URL PID：最多一分钟</translation>
    </message>
    <message>
        <source>{worker} has ended before it was ready: see its messages above.</source>
        <translation>{worker} 尚未就绪就已结束：请查看上方的消息。</translation>
    </message>
    <message>
        <source>{worker} does not answer on {url} after a minute: see its messages above.</source>
        <translation>{worker} 一分钟后仍未在 {url} 响应：请查看上方的消息。</translation>
    </message>
    <message>
        <source>{worker} is ready on {url}</source>
        <translation>{worker} 已就绪，位于 {url}</translation>
    </message>
    <message>
        <source>All workers are ready. Ctrl-C stops them.</source>
        <translation>所有工作进程均已就绪。按 Ctrl-C 停止。</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON 文档</translation>
    </message>
    <message>
        <source>All settings and the command, address and environment of every worker, for programs.</source>
        <translation>所有设置，以及每个工作进程的命令、地址和环境变量，供程序使用。</translation>
    </message>
    <message>
        <source>For programs: the field `meaning` explains the other fields.</source>
        <translation>供程序使用：字段 `meaning` 说明其他字段。</translation>
    </message>
    <message>
        <source>The panel&apos;s settings, as in its settings.json, without API keys.</source>
        <translation>面板的设置，与其 settings.json 相同，但不含 API 密钥。</translation>
    </message>
    <message>
        <source>How many Ollama servers the pool runs.</source>
        <translation>该池运行的 Ollama 服务器数量。</translation>
    </message>
    <message>
        <source>OLLAMA_NUM_PARALLEL of each: requests that a loaded model works on at once.</source>
        <translation>每个服务器的 OLLAMA_NUM_PARALLEL：已加载的模型同时处理的请求数。</translation>
    </message>
    <message>
        <source>OLLAMA_CONTEXT_LENGTH of each: tokens per request.</source>
        <translation>每个服务器的 OLLAMA_CONTEXT_LENGTH：每个请求的词元数。</translation>
    </message>
    <message>
        <source>The servers that result from the settings, in the order of the pools.</source>
        <translation>由设置得出的服务器，按池的顺序排列。</translation>
    </message>
    <message>
        <source>Where the server answers.</source>
        <translation>服务器响应的地址。</translation>
    </message>
    <message>
        <source>The command that starts it.</source>
        <translation>启动它的命令。</translation>
    </message>
    <message>
        <source>The variables to add to the environment that the command inherits.</source>
        <translation>要添加到该命令所继承环境中的变量。</translation>
    </message>
    <message>
        <source>a shell script</source>
        <translation>Shell 脚本中</translation>
    </message>
    <message>
        <source>a systemd unit</source>
        <translation>systemd 单元中</translation>
    </message>
    <message>
        <source>There is no export target &quot;{target}&quot;; there are {known}.</source>
        <translation>没有名为“{target}”的导出目标；现有：{known}。</translation>
    </message>
    <message>
        <source>There is no worker to export: give a pool at least one worker.</source>
        <translation>没有可导出的工作进程：请至少为一个池设置一个工作进程。</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; in the environment of pool {pool} is not a variable name: rename it.</source>
        <translation>池 {pool} 的环境变量中的“{name}”不是变量名：请重命名。</translation>
    </message>
    <message>
        <source>{name} in the environment of pool {pool} has a line break or control character, which {place} cannot hold: take it out.</source>
        <translation>池 {pool} 的环境变量 {name} 含有换行符或控制字符，{place}不能包含它：请将其删除。</translation>
    </message>
    <message>
        <source>A systemd unit needs the full path of Ollama, not &quot;{program}&quot;: set it in Settings.</source>
        <translation>systemd 单元需要 Ollama 的完整路径，而不是“{program}”：请在“设置”中填写。</translation>
    </message>
</context>
<context>
    <name>offers</name>
    <message>
        <source>Raise to {tokens}</source>
        <translation>提高到 {tokens}</translation>
    </message>
    <message>
        <source>Use that folder</source>
        <translation>使用该文件夹</translation>
    </message>
    <message>
        <source>Gives {pools} a context of {tokens} tokens; its workers restart one after another</source>
        <translation>把 {pools} 的上下文设为 {tokens} 个词元；其工作进程逐个重启</translation>
    </message>
    <message>
        <source>Sets the folder of the models to {path}; the workers restart one after another</source>
        <translation>把模型文件夹设为 {path}；工作进程逐个重启</translation>
    </message>
</context>
<context>
    <name>phases</name>
    <message>
        <source>Draining</source>
        <translation>排空中</translation>
    </message>
    <message>
        <source>Stalled</source>
        <translation>停滞</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Retrying</source>
        <translation>重试中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>加载中</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>GPU memory</source>
        <translation>显存</translation>
    </message>
    <message>
        <source>Unified memory</source>
        <translation>统一内存</translation>
    </message>
    <message>
        <source>System memory</source>
        <translation>系统内存</translation>
    </message>
    <message>
        <source>log line</source>
        <translation>日志行</translation>
    </message>
    <message>
        <source>runner command line</source>
        <translation>运行器命令行</translation>
    </message>
    <message>
        <source>environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>forced by Ollama</source>
        <translation>Ollama 强制</translation>
    </message>
    <message>
        <source>unknown: 1</source>
        <translation>未知：按 1</translation>
    </message>
</context>
<context>
    <name>requests</name>
    <message>
        <source>interactive</source>
        <translation>交互</translation>
    </message>
    <message>
        <source>batch</source>
        <translation>批处理</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>earlier messages probably left out</source>
        <translation>较早的消息可能已被省略</translation>
    </message>
    <message>
        <source>prompt cut</source>
        <translation>提示词被截断</translation>
    </message>
    <message>
        <source>prompt cut to {kept} tokens</source>
        <translation>提示词被截断为 {kept} 个词元</translation>
    </message>
    <message>
        <source>prompt of {tokens} tokens cut to {kept}</source>
        <translation>{tokens} 个词元的提示词被截断为 {kept}</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首词元</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>总计</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
</context>
<context>
    <name>setting_texts</name>
    <message>
        <source>{title}, {unit}</source>
        <translation>{title}（{unit}）</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>The version of the file&apos;s layout; the panel sets it.</source>
        <translation>设置文件格式的版本，由面板写入。</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>The address for clients, and what is accepted there.</source>
        <translation>客户端使用的地址，以及在该地址接受哪些请求。</translation>
    </message>
    <message>
        <source>Start with the panel</source>
        <translation>随面板启动</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>127.0.0.1 is this machine only; 0.0.0.0 lets the network in. A change moves the proxy.</source>
        <translation>127.0.0.1 仅限本机；0.0.0.0 允许网络访问。更改后代理会换到新地址。</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Ollama&apos;s own is 11434. A change moves the proxy.</source>
        <translation>Ollama 自己的端口是 11434。更改后代理会换到新端口。</translation>
    </message>
    <message>
        <source>Queue limit</source>
        <translation>队列上限</translation>
    </message>
    <message>
        <source>Longest wait</source>
        <translation>最长等待时间</translation>
    </message>
    <message>
        <source>A request that waits longer is refused. 0 = no limit.</source>
        <translation>等待超过此时间的请求会被拒绝。0 = 不限制。</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>最长响应时间</translation>
    </message>
    <message>
        <source>A request is ended when an instance has worked on it for longer. 0 = no limit.</source>
        <translation>实例处理时间超过此值的请求会被终止。0 = 不限制。</translation>
    </message>
    <message>
        <source>Heartbeats</source>
        <translation>心跳信号</translation>
    </message>
    <message>
        <source>Waiting streams get a heartbeat from time to time, so that clients do not give up.</source>
        <translation>等待中的流会不时收到心跳信号，以免客户端放弃。</translation>
    </message>
    <message>
        <source>Heartbeats in whole answers</source>
        <translation>完整应答中的心跳信号</translation>
    </message>
    <message>
        <source>Answers that are not streamed get them, too; an error after the first has the status 200. No effect without heartbeats.</source>
        <translation>非流式应答也会收到心跳信号；首个心跳信号之后的错误状态码为 200。心跳信号关闭时不起作用。</translation>
    </message>
    <message>
        <source>Time for headers</source>
        <translation>请求头时限</translation>
    </message>
    <message>
        <source>A request is refused if its headers have not come within this time. 0 = no limit.</source>
        <translation>请求头未在此时间内到齐的请求会被拒绝。0 = 不限制。</translation>
    </message>
    <message>
        <source>Time for bodies</source>
        <translation>请求体时限</translation>
    </message>
    <message>
        <source>A request is refused if its body does not begin within this time, or if 64 KiB of it take longer. 0 = no limit.</source>
        <translation>请求体未在此时间内开始到达，或每 64 KiB 耗时更长，请求会被拒绝。0 = 不限制。</translation>
    </message>
    <message>
        <source>Time for reading answers</source>
        <translation>读取回答的时限</translation>
    </message>
    <message>
        <source>A client that takes nothing of its answer for this time is cut off, and its slot is free. 0 = no limit.</source>
        <translation>客户端在此时间内没有读取回答的任何内容时会被断开，其槽位随之空出。0 表示不限。</translation>
    </message>
    <message>
        <source>Largest body</source>
        <translation>请求体大小上限</translation>
    </message>
    <message>
        <source>A request with a longer body is refused; files of models that are uploaded may be longer.</source>
        <translation>请求体更大的请求会被拒绝；上传的模型文件不受此限。</translation>
    </message>
    <message>
        <source>MiB</source>
        <translation>MiB</translation>
    </message>
    <message>
        <source>Connections of one client</source>
        <translation>单个客户端的连接数</translation>
    </message>
    <message>
        <source>Connections beyond this number from one address are refused. 0 = no limit.</source>
        <translation>来自同一地址、超出此数量的连接会被拒绝。0 = 不限制。</translation>
    </message>
    <message>
        <source>Changes to the model store</source>
        <translation>更改模型库</translation>
    </message>
    <message>
        <source>Clients may pull, push, create, copy and delete models. Off: such requests are refused.</source>
        <translation>客户端可以拉取、推送、创建、复制和删除模型。关闭：拒绝此类请求。</translation>
    </message>
    <message>
        <source>API key needed</source>
        <translation>需要 API 密钥</translation>
    </message>
    <message>
        <source>Whether clients must send an API key; auto: if the proxy listens beyond this machine.</source>
        <translation>客户端是否必须发送 API 密钥；auto：代理不只在本机监听时需要。</translation>
    </message>
    <message>
        <source>API keys</source>
        <translation>API 密钥</translation>
    </message>
    <message>
        <source>The keys of clients, as digests; the command ollama-panel keys adds and removes them.</source>
        <translation>客户端的密钥，以摘要保存；用命令 ollama-panel keys 添加和删除。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>For whom or what the key is.</source>
        <translation>密钥给谁用或作何用途。</translation>
    </message>
    <message>
        <source>Digest</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>The SHA-256 of the key, as hexadecimal digits.</source>
        <translation>密钥的 SHA-256，以十六进制表示。</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>The class of requests with this key: batch for all of them, another one unless a request asks for its own. null: each request is judged by itself.</source>
        <translation>使用此密钥的请求的类别：batch 用于全部请求，其他类别用于未自行指定类别的请求。null：逐个请求判断。</translation>
    </message>
    <message>
        <source>Scopes</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>What the key opens: use the models, see the state of the panel, control the panel (which includes seeing it, and is as much as its owner may do: its settings name programs that it starts).</source>
        <translation>此密钥的权限：use 使用模型，see 查看面板状态，control 控制面板（包含查看，且等同于面板所有者的权限：设置中可指定由面板启动的程序）。</translation>
    </message>
    <message>
        <source>Allowed hosts</source>
        <translation>允许的主机</translation>
    </message>
    <message>
        <source>Names, separated by commas, by which clients may call this machine besides its own name and its addresses.</source>
        <translation>除本机名称和地址外，客户端还可用来访问本机的名称，以逗号分隔。</translation>
    </message>
    <message>
        <source>Allowed origins</source>
        <translation>允许的来源</translation>
    </message>
    <message>
        <source>Web pages and browser extensions that may call the proxy besides those of this machine, separated by commas: https://chat.example.org, chrome-extension://*; * alone is all.</source>
        <translation>除本机网页外，还可调用代理的网页和浏览器扩展的来源，以逗号分隔：https://chat.example.org、chrome-extension://*；单独的 * 表示全部。</translation>
    </message>
    <message>
        <source>Scheduling</source>
        <translation>调度</translation>
    </message>
    <message>
        <source>Which request runs where, and when.</source>
        <translation>哪个请求在何时、何处运行。</translation>
    </message>
    <message>
        <source>Slowest token</source>
        <translation>每个词元最长时间</translation>
    </message>
    <message>
        <source>Fewer requests run at once when tokens take longer. 0 = no limit.</source>
        <translation>词元耗时超过此值时减少同时运行的请求。0 = 不限制。</translation>
    </message>
    <message>
        <source>milliseconds</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>Slots kept for chats</source>
        <translation>为聊天保留的槽位</translation>
    </message>
    <message>
        <source>Batch work leaves this many slots free while somebody chats.</source>
        <translation>有人聊天时，批处理空出这么多槽位。</translation>
    </message>
    <message>
        <source>Share of batch work</source>
        <translation>批处理的份额</translation>
    </message>
    <message>
        <source>The part of the time that batch work gets although chats come first; 0.1 is a tenth, 0 none.</source>
        <translation>虽然聊天优先，批处理仍能得到的时间比例；0.1 为十分之一，0 为没有。</translation>
    </message>
    <message>
        <source>Preemptions of batch work</source>
        <translation>批处理的让位次数</translation>
    </message>
    <message>
        <source>How often one batch request may be sent back to the queue for a chat, before its answer has begun. 0 = never.</source>
        <translation>一个批处理请求在开始响应之前，最多可为聊天退回队列几次。0 = 从不退回。</translation>
    </message>
    <message>
        <source>Weights of clients</source>
        <translation>客户端权重</translation>
    </message>
    <message>
        <source>The share of the time that a client gets, by its name, relative to 1 for any other: 2 is twice as much.</source>
        <translation>按名称指定客户端得到的时间份额，其他客户端为 1：2 即两倍。</translation>
    </message>
    <message>
        <source>Headers that name the client</source>
        <translation>指明客户端的请求头</translation>
    </message>
    <message>
        <source>Headers, separated by commas, in which a program in front names its users: each is then a client. They count if it runs on this machine or sends an API key.</source>
        <translation>前端程序用来指明其用户的请求头，以逗号分隔：每个用户各算一个客户端。仅当该程序在本机运行或发送 API 密钥时有效。</translation>
    </message>
    <message>
        <source>Conversation affinity</source>
        <translation>会话亲和</translation>
    </message>
    <message>
        <source>A conversation returns to the instance that has its beginning in its cache.</source>
        <translation>会话会回到缓存中保有其开头的实例。</translation>
    </message>
    <message>
        <source>One set of options</source>
        <translation>统一加载选项</translation>
    </message>
    <message>
        <source>All requests for a model get the same load options, so that it is not reloaded again and again. Off: options are sent as they come.</source>
        <translation>同一模型的所有请求使用相同的加载选项，以免反复重新加载。关闭：选项按原样发送。</translation>
    </message>
    <message>
        <source>Fit the context</source>
        <translation>适配上下文</translation>
    </message>
    <message>
        <source>A long prompt gets a longer context, which reloads its model, instead of being cut.</source>
        <translation>较长的提示词会获得更长的上下文（需重新加载模型），而不会被截断。</translation>
    </message>
    <message>
        <source>Raise the context</source>
        <translation>增大上下文</translation>
    </message>
    <message>
        <source>If clients with different contexts reload a model again and again, its pool gets the longest.</source>
        <translation>若客户端因上下文不同而反复重新加载模型，其池将采用最长的上下文。</translation>
    </message>
    <message>
        <source>Chats on embedding workers</source>
        <translation>嵌入工作进程也处理聊天</translation>
    </message>
    <message>
        <source>Chats and completions may use the workers of embedding pools when no other worker is left. Off: they wait, or are refused, and say why.</source>
        <translation>没有其他工作进程时，聊天和补全请求可以使用嵌入池的工作进程。关闭时：它们会等待或被拒绝，并说明原因。</translation>
    </message>
    <message>
        <source>Swap models</source>
        <translation>换入换出模型</translation>
    </message>
    <message>
        <source>A model is unloaded for one that requests wait for.</source>
        <translation>为有请求等待的模型卸载其他模型。</translation>
    </message>
    <message>
        <source>Shortest stay</source>
        <translation>最短驻留时间</translation>
    </message>
    <message>
        <source>A model that has work stays in memory at least this long before another takes its place.</source>
        <translation>有请求的模型至少在内存中驻留这么久，才会被其他模型取代。</translation>
    </message>
    <message>
        <source>Record the run</source>
        <translation>记录运行过程</translation>
    </message>
    <message>
        <source>events.jsonl in the state folder gets names, lengths and times, no content, for ollama-panel bench replay. A change takes effect at the next start.</source>
        <translation>把名称、长度和时间（不含内容）写入状态文件夹中的 events.jsonl，供 ollama-panel bench replay 使用。更改在下次启动时生效。</translation>
    </message>
    <message>
        <source>Ollama</source>
        <translation>Ollama</translation>
    </message>
    <message>
        <source>The program, its files, and the ports of its instances.</source>
        <translation>程序、其文件，以及实例的端口。</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>The ollama program. Empty: searched where installers put it. Another program restarts all instances.</source>
        <translation>ollama 程序。留空：在常见安装位置查找。更换程序会重启所有实例。</translation>
    </message>
    <message>
        <source>Models folder</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>First port of instances</source>
        <translation>实例起始端口</translation>
    </message>
    <message>
        <source>Instances listen on this machine from this port up. A change restarts those that must move, one after the other.</source>
        <translation>实例从此端口起在本机监听。更改会逐个重启须换端口的实例。</translation>
    </message>
    <message>
        <source>Use a running Ollama</source>
        <translation>使用已运行的 Ollama</translation>
    </message>
    <message>
        <source>A server that runs already takes part; the panel never stops it.</source>
        <translation>已在运行的服务器也会参与工作；面板绝不会停止它。</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>How the window looks.</source>
        <translation>窗口的外观。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>The language of the window: en or zh_CN; empty follows the desktop.</source>
        <translation>窗口的语言：en 或 zh_CN；留空则跟随桌面。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Clients are answered as soon as the panel runs. Off: only after the proxy is switched on in the menu; ollama-panel serve answers them in any case.</source>
        <translation>面板一运行就响应客户端。关闭：只有在菜单中打开代理后才响应；ollama-panel serve 始终响应。</translation>
    </message>
    <message>
        <source>So many requests may wait; of more, the newest of the client with the most is refused and told when to retry.</source>
        <translation>可等待的请求数；超出时，等待请求最多的客户端的最新请求会被拒绝，并告知何时重试。</translation>
    </message>
    <message>
        <source>OLLAMA_MODELS, a whole path or one that begins with ~ or $HOME. Empty: Ollama&apos;s own default. Another folder restarts all instances.</source>
        <translation>OLLAMA_MODELS，完整的路径，或以 ~ 或 $HOME 开头的路径。留空：Ollama 自己的默认值。更换文件夹会重启所有实例。</translation>
    </message>
    <message>
        <source>The colours of the window: those of the desktop, light or dark.</source>
        <translation>窗口的配色：跟随桌面、浅色或深色。</translation>
    </message>
    <message>
        <source>Pools</source>
        <translation>池</translation>
    </message>
    <message>
        <source>Groups of instances, each with a role and a configuration of its own.</source>
        <translation>实例的分组，各有自己的角色和配置。</translation>
    </message>
    <message>
        <source>The name of the pool and of its instances: lower-case letters, digits, - and _. A pool with another name is another pool, with instances of its own.</source>
        <translation>池及其实例的名称：小写字母、数字、- 和 _。名称不同即为另一个池，有自己的实例。</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Which requests go to this pool.</source>
        <translation>哪些请求分到此池。</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>工作进程</translation>
    </message>
    <message>
        <source>How many Ollama servers this pool runs; each loads its own copy of a model. A change starts or stops only the difference.</source>
        <translation>此池运行多少个 Ollama 服务器；每个都会加载自己的一份模型。更改只会启动或停止差额部分。</translation>
    </message>
    <message>
        <source>Parallel</source>
        <translation>并行</translation>
    </message>
    <message>
        <source>OLLAMA_NUM_PARALLEL: how many requests each worker runs at once per model; more need more memory. A change restarts the pool&apos;s workers one after the other.</source>
        <translation>OLLAMA_NUM_PARALLEL：每个工作进程对每个模型同时处理的请求数；越多越占内存。更改会逐个重启此池的工作进程。</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>上下文长度</translation>
    </message>
    <message>
        <source>OLLAMA_CONTEXT_LENGTH: how many tokens each slot holds; the memory grows with context times parallel. A change restarts the pool&apos;s workers one after the other.</source>
        <translation>OLLAMA_CONTEXT_LENGTH：每个槽位可容纳的词元数；内存随“上下文 × 并行”增长。更改会逐个重启此池的工作进程。</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>The models meant for this pool, separated by commas: requests for them go here first, and the memory forecast counts them. Empty: any model.</source>
        <translation>供此池使用的模型，以逗号分隔：对这些模型的请求优先分到此池，内存预测也会计入它们。留空：任意模型。</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>Environment variables of the pool&apos;s workers, in addition to those that the panel sets. A change restarts the workers one after the other.</source>
        <translation>此池工作进程的环境变量，补充面板所设的变量。更改会逐个重启工作进程。</translation>
    </message>
</context>
<context>
    <name>variables</name>
    <message>
        <source>How many requests one loaded model works on at once; the memory for the context grows with it.</source>
        <translation>一个已加载的模型同时处理多少个请求；上下文所占内存随之增长。</translation>
    </message>
    <message>
        <source>How many tokens each slot holds unless the request or the Modelfile says; without it 4096, 32768 or 262144, by the memory of the GPU, and times the number of slots.</source>
        <translation>每个槽位容纳的词元数（除非请求或 Modelfile 另有指定）；不设则按显存大小为 4096、32768 或 262144，再乘以槽位数。</translation>
    </message>
    <message>
        <source>How many different models one instance keeps in memory; 0 is three for each GPU.</source>
        <translation>一个实例在内存中保留多少个不同的模型；0 表示每块 GPU 三个。</translation>
    </message>
    <message>
        <source>How many requests may wait for a model to be loaded before Ollama answers 503; it does not limit those that wait for a slot of a loaded model.</source>
        <translation>Ollama 回复 503 之前，最多有多少个请求可等待加载模型；不限制等待已加载模型槽位的请求。</translation>
    </message>
    <message>
        <source>How long a model stays in memory after its last request; below 0 for ever, 0 not at all.</source>
        <translation>最后一个请求之后模型在内存中保留多久；小于 0 为永久，0 为不保留。</translation>
    </message>
    <message>
        <source>How long the loading of a model may make no progress before it fails; 0 is no limit.</source>
        <translation>加载模型多久没有进展即视为失败；0 为不限制。</translation>
    </message>
    <message>
        <source>Use flash attention: less memory for long contexts, and needed for a quantised context cache.</source>
        <translation>使用 flash attention：长上下文占用内存更少，量化上下文缓存也需要它。</translation>
    </message>
    <message>
        <source>How the context cache is stored: q8_0 takes half the memory of f16, q4_0 a quarter, at some loss of quality; before 0.30 only f16, q8_0 and q4_0.</source>
        <translation>上下文缓存的存储方式：q8_0 占用 f16 一半的内存，q4_0 占四分之一，质量略有损失；0.30 之前仅有 f16、q8_0 和 q4_0。</translation>
    </message>
    <message>
        <source>Bytes of each GPU&apos;s memory to leave free; from 0.30 on it no longer limits what is placed there, LLAMA_ARG_FIT_TARGET does.</source>
        <translation>每块 GPU 应留空的显存字节数；自 0.30 起不再限制显存占用，改由 LLAMA_ARG_FIT_TARGET 限制。</translation>
    </message>
    <message>
        <source>Spread every model over all GPUs; no effect with one GPU.</source>
        <translation>把每个模型分布到所有 GPU 上；只有一块 GPU 时不起作用。</translation>
    </message>
    <message>
        <source>Use this compute library and look for no other.</source>
        <translation>使用此计算库，不查找其他库。</translation>
    </message>
    <message>
        <source>Whether integrated GPUs may be used.</source>
        <translation>是否可使用集成 GPU。</translation>
    </message>
    <message>
        <source>Whether Vulkan may be used.</source>
        <translation>是否可使用 Vulkan。</translation>
    </message>
    <message>
        <source>The address the server listens on; the panel gives each of its instances its own.</source>
        <translation>服务器监听的地址；面板为每个实例分配各自的地址。</translation>
    </message>
    <message>
        <source>Web pages that may call the server, separated by commas, besides those of this machine.</source>
        <translation>除本机网页外，还可调用服务器的网页，以逗号分隔。</translation>
    </message>
    <message>
        <source>The folder of the models; instances may share one.</source>
        <translation>模型文件夹；多个实例可共用一个。</translation>
    </message>
    <message>
        <source>Do not delete unused files of the models folder at the start; the panel sets it on all workers but the first.</source>
        <translation>启动时不删除模型文件夹中未使用的文件；除第一个外，面板为所有工作进程设置此项。</translation>
    </message>
    <message>
        <source>How much is logged: 1 details, 2 everything.</source>
        <translation>日志的详细程度：1 为详细，2 为全部。</translation>
    </message>
    <message>
        <source>Write the text of every request into a temporary folder.</source>
        <translation>把每个请求的文本写入临时文件夹。</translation>
    </message>
    <message>
        <source>Switch off everything that needs ollama.com.</source>
        <translation>关闭一切需要 ollama.com 的功能。</translation>
    </message>
    <message>
        <source>Hosts that remote models may run on, separated by commas.</source>
        <translation>可运行远程模型的主机，以逗号分隔。</translation>
    </message>
    <message>
        <source>Sign requests between client and server.</source>
        <translation>对客户端与服务器之间的请求签名。</translation>
    </message>
    <message>
        <source>Use the Modelfile&apos;s own template where a model has one.</source>
        <translation>模型的 Modelfile 自带模板时使用该模板。</translation>
    </message>
    <message>
        <source>How many parts of a safetensors model are transferred at once.</source>
        <translation>同时传输 safetensors 模型的多少个部分。</translation>
    </message>
    <message>
        <source>The key of ollama.com, for Ollama&apos;s commands.</source>
        <translation>ollama.com 的密钥，供 Ollama 的命令使用。</translation>
    </message>
    <message>
        <source>The editor of the command line.</source>
        <translation>命令行使用的编辑器。</translation>
    </message>
    <message>
        <source>The command line keeps no history.</source>
        <translation>命令行不保留历史记录。</translation>
    </message>
    <message>
        <source>Chose Ollama&apos;s own engine.</source>
        <translation>曾用于选择 Ollama 自己的引擎。</translation>
    </message>
    <message>
        <source>Chose a way to plan memory.</source>
        <translation>曾用于选择规划内存的方式。</translation>
    </message>
    <message>
        <source>Tuned the prompt cache for several users.</source>
        <translation>曾用于针对多个用户调整提示词缓存。</translation>
    </message>
    <message>
        <source>Looked for Intel GPUs.</source>
        <translation>曾用于查找 Intel GPU。</translation>
    </message>
    <message>
        <source>Limited the GPU memory.</source>
        <translation>曾用于限制显存。</translation>
    </message>
    <message>
        <source>Where runners were unpacked.</source>
        <translation>运行器曾解压到的位置。</translation>
    </message>
    <message>
        <source>How many CPU threads a runner computes with; without a GPU the panel divides the cores among the workers.</source>
        <translation>运行器使用多少个 CPU 线程计算；没有 GPU 时，面板把核心分给各工作进程。</translation>
    </message>
    <message>
        <source>MiB of main memory that each loaded model may use to remember earlier prompts; 0 none, -1 no limit.</source>
        <translation>每个已加载的模型可用多少 MiB 主内存记住先前的提示词；0 为不用，-1 为不限制。</translation>
    </message>
    <message>
        <source>Put fewer layers on the GPU where memory does not suffice, instead of failing.</source>
        <translation>显存不足时在 GPU 上放置较少的层，而不是失败。</translation>
    </message>
    <message>
        <source>MiB of each GPU&apos;s memory to leave free when layers are placed.</source>
        <translation>放置各层时每块 GPU 应留空的显存（MiB）。</translation>
    </message>
    <message>
        <source>Give each runner a page of metrics on its own local port.</source>
        <translation>为每个运行器在其本地端口上提供指标页面。</translation>
    </message>
    <message>
        <source>Let all slots of a model share one context cache instead of equal parts.</source>
        <translation>让模型的所有槽位共用一个上下文缓存，而不是平均分配。</translation>
    </message>
    <message>
        <source>How many states of a conversation each slot keeps for models with a sliding window or a recurrent part.</source>
        <translation>对带滑动窗口或循环部分的模型，每个槽位保留多少个会话状态。</translation>
    </message>
    <message>
        <source>Put the conversation of an idle slot into main memory when another one needs the slot.</source>
        <translation>其他会话需要槽位时，把空闲槽位的会话移入主内存。</translation>
    </message>
    <message>
        <source>Smallest piece of an earlier prompt, in tokens, that is used again though it has moved; 0 is never.</source>
        <translation>先前提示词中即使位置改变仍可重用的最小片段（词元数）；0 为从不重用。</translation>
    </message>
    <message>
        <source>Keep the whole context of sliding-window layers: more memory, better reuse of prompts.</source>
        <translation>保留滑动窗口层的完整上下文：占用更多内存，提示词重用更好。</translation>
    </message>
    <message>
        <source>Keep the context cache in the GPU&apos;s memory.</source>
        <translation>把上下文缓存放在显存中。</translation>
    </message>
    <message>
        <source>How threads are placed on machines with several memory nodes.</source>
        <translation>在有多个内存节点的机器上如何安排线程。</translation>
    </message>
    <message>
        <source>Keep the experts of the first N layers of a mixture-of-experts model in main memory.</source>
        <translation>把混合专家模型前 N 层的专家放在主内存中。</translation>
    </message>
    <message>
        <source>Keep all experts of a mixture-of-experts model in main memory.</source>
        <translation>把混合专家模型的所有专家放在主内存中。</translation>
    </message>
    <message>
        <source>The context of all slots together.</source>
        <translation>所有槽位的上下文总和。</translation>
    </message>
    <message>
        <source>The number of slots.</source>
        <translation>槽位数。</translation>
    </message>
    <message>
        <source>Flash attention.</source>
        <translation>Flash attention。</translation>
    </message>
    <message>
        <source>How many tokens of a prompt are read at once.</source>
        <translation>一次读取提示词的多少个词元。</translation>
    </message>
    <message>
        <source>How many of them are computed at once.</source>
        <translation>其中一次计算多少个词元。</translation>
    </message>
    <message>
        <source>The model.</source>
        <translation>模型。</translation>
    </message>
    <message>
        <source>The runner&apos;s address.</source>
        <translation>运行器的地址。</translation>
    </message>
    <message>
        <source>The runner&apos;s port.</source>
        <translation>运行器的端口。</translation>
    </message>
    <message>
        <source>Which NVIDIA GPUs may be used.</source>
        <translation>可使用哪些 NVIDIA GPU。</translation>
    </message>
    <message>
        <source>Which AMD GPUs may be used, by number.</source>
        <translation>可使用哪些 AMD GPU（按编号）。</translation>
    </message>
    <message>
        <source>Which AMD GPUs may be used, by name or number.</source>
        <translation>可使用哪些 AMD GPU（按名称或编号）。</translation>
    </message>
    <message>
        <source>Which Vulkan devices may be used, by number.</source>
        <translation>可使用哪些 Vulkan 设备（按编号）。</translation>
    </message>
    <message>
        <source>Take AMD GPUs for this type.</source>
        <translation>把 AMD GPU 当作此型号。</translation>
    </message>
    <message>
        <source>The proxy through which models are downloaded.</source>
        <translation>下载模型时使用的代理。</translation>
    </message>
    <message>
        <source>Better not set: it also catches the client&apos;s own requests to the server.</source>
        <translation>最好不设：它也会截获客户端发给服务器的请求。</translation>
    </message>
    <message>
        <source>Hosts that are reached without the proxy.</source>
        <translation>不经代理访问的主机。</translation>
    </message>
</context>
</TS>
